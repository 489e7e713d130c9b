from datetime import UTC, datetime

import pytest

from local.schedules.expression import InvalidExpression, parse

SATURDAY = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 minute)", "2026-11-21T05:01"),
        ("rate(5 minutes)", "2026-11-21T05:05"),
        ("rate(2 hours)", "2026-11-21T07:00"),
        ("rate(7 days)", "2026-11-28T05:00"),
        ("cron(0/15 * * * ? *)", "2026-11-21T05:15"),
        ("cron(0 12 ? * MON-FRI *)", "2026-11-23T12:00"),
        ("cron(15 10 L * ? *)", "2026-11-30T10:15"),
        ("cron(0 8 15W * ? *)", "2026-12-15T08:00"),
        ("cron(0 9 ? * 2#1 2027)", "2027-01-04T09:00"),
        ("cron(0 0 ? * 6L *)", "2026-11-27T00:00"),
        ("at(2026-11-21T06:30:00)", "2026-11-21T06:30"),
    ],
)
def test_the_next_time(expression: str, expected: str) -> None:
    assert parse(expression, SATURDAY)(SATURDAY) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_rate_keeps_its_beat_however_late_it_is_asked() -> None:
    late = SATURDAY.replace(hour=9, minute=7, second=13)

    assert parse("rate(10 minutes)", SATURDAY)(late) == SATURDAY.replace(hour=9, minute=10)


@pytest.mark.parametrize("expression", ["at(2026-11-21T05:00:00)", "cron(0 0 1 1 ? 2020)"])
def test_what_is_over_has_no_next_time(expression: str) -> None:
    assert parse(expression, SATURDAY)(SATURDAY) is None


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("every day", "is not rate"),
        ("rate(1 minutes)", "1 goes with minute"),
        ("rate(5 minute)", "5 goes with minutes"),
        ("rate(0 minutes)", "positive number"),
        ("rate(5 seconds)", "positive number"),
        ("cron(0 12 * * *)", "6 required, 5 provided"),
        ("cron(0 12 * * * *)", "question mark"),
        ("cron(60 * * * ? *)", "Invalid minute value '60'"),
        ("at(tomorrow)", "yyyy-mm-ddThh:mm:ss"),
    ],
)
def test_what_eventbridge_refuses_is_refused(expression: str, message: str) -> None:
    with pytest.raises(InvalidExpression, match=message):
        parse(expression, SATURDAY)
