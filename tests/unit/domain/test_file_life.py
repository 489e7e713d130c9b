"""How long files are kept: the whole rule, without a clock."""

import pytest

from chat4all.domain.file_life import (
    DAY_MS,
    LOOK_EVERY_MS,
    UNUSED,
    Keep,
    KeepingRules,
    Remove,
    first_look,
    is_over_age,
    looked_at,
)

NOW = 1_000 * DAY_MS
OFF = KeepingRules(unused_days=0)
RULES = KeepingRules(unused_days=30)


def look(
    rules: KeepingRules = RULES,
    *,
    created_at: int = NOW - DAY_MS,
    unused_since: int | None = None,
    is_shown: bool = False,
    owner_is_gone: bool = False,
) -> Keep | Remove:
    return looked_at(
        created_at=created_at,
        unused_since=unused_since,
        is_shown=is_shown,
        owner_is_gone=owner_is_gone,
        now=NOW,
        rules=rules,
    )


def test_what_a_message_shows_stays_whoever_is_gone_and_is_looked_at_again() -> None:
    for since in (None, NOW - 90 * DAY_MS):
        for gone in (False, True):
            assert look(is_shown=True, unused_since=since, owner_is_gone=gone) == Keep(NOW + LOOK_EVERY_MS)


def test_what_no_message_shows_goes_when_it_was_so_for_its_days() -> None:
    assert look() == Keep(NOW + LOOK_EVERY_MS, NOW)
    since = NOW - 25 * DAY_MS
    assert look(unused_since=since) == Keep(NOW + 5 * DAY_MS, since)
    assert look(unused_since=NOW - 30 * DAY_MS + 1) == Keep(NOW + 1, NOW - 30 * DAY_MS + 1)
    assert look(unused_since=NOW - 30 * DAY_MS) == Remove(UNUSED)


def test_what_no_message_shows_of_somebody_who_is_gone_goes_at_once() -> None:
    assert look(owner_is_gone=True) == Remove(UNUSED)


def test_nothing_goes_where_the_rules_are_off() -> None:
    assert look(OFF, unused_since=1, owner_is_gone=True) == Keep(NOW + LOOK_EVERY_MS)
    assert not is_over_age(0, NOW, OFF)


@pytest.mark.parametrize(("days_old", "is_over"), [(89, False), (90, True), (91, True)])
def test_age_is_counted_from_the_beginning(days_old: int, is_over: bool) -> None:
    rules = KeepingRules(retention_days=90)
    assert is_over_age(NOW - days_old * DAY_MS, NOW, rules) is is_over


def test_it_is_looked_at_when_its_time_is_over_and_not_a_week_later() -> None:
    rules = KeepingRules(unused_days=30, retention_days=10)
    begun = NOW - 8 * DAY_MS
    assert look(rules, created_at=begun, is_shown=True) == Keep(NOW + 2 * DAY_MS)
    assert look(rules, created_at=begun) == Keep(NOW + 2 * DAY_MS, NOW)
    assert first_look(NOW) == NOW + DAY_MS
