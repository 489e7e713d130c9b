"""When an upload that nobody completes ends."""

from datetime import UTC, datetime

import pytest

from local.unfinished_uploads import days_of, ends_at


@pytest.mark.parametrize(
    ("initiated", "days", "ends"),
    [
        ("2026-11-21T00:00:01+00:00", 1, "2026-11-23"),
        ("2026-11-21T23:59:59+00:00", 1, "2026-11-23"),
        ("2026-11-21T00:00:00+00:00", 1, "2026-11-22"),
        ("2026-11-21T23:30:00-05:00", 7, "2026-11-30"),
    ],
)
def test_it_is_a_midnight_utc(initiated, days, ends):
    assert ends_at(datetime.fromisoformat(initiated), days) == datetime.fromisoformat(ends).replace(tzinfo=UTC)


def test_rules_that_hold_for_a_key():
    def rule(days, **others):
        return {"Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": days}, **others}

    rules = [rule("7"), rule(2, Prefix="a/"), rule(1, Status="Disabled"), {"Status": "Enabled", "ExpirationInDays": 1}]
    properties = {"LifecycleConfiguration": {"Rules": rules}}
    assert (days_of(properties, "a/b"), days_of(properties, "b")) == (2, 7)
    assert days_of({}, "b") is None
