"""Limits that cost no call."""

import pytest

from chat4all.environment_limits import EnvironmentLimit
from chat4all.errors import RateLimited


class Clock:
    now = 1_000_000

    def __call__(self) -> int:
        return self.now


def taken(limit: EnvironmentLimit, key: str, times: int) -> int:
    """How many of so many are let through."""
    count = 0
    for _ in range(times):
        try:
            limit.take(key)
        except RateLimited:
            continue
        count += 1
    return count


def test_a_burst_and_then_a_rate_of_each_key() -> None:
    clock = Clock()
    limit = EnvironmentLimit("receipts", 2, 10, clock)
    assert taken(limit, "ana", 100) == 10
    assert taken(limit, "bob", 5) == 5
    clock.now += 3_000
    assert taken(limit, "ana", 100) == 6
    clock.now += 60_000
    assert taken(limit, "ana", 100) == 10


def test_a_refusal_says_when_it_would_be_let_through_and_counts_nothing() -> None:
    clock = Clock()
    limit = EnvironmentLimit("receipts", 2, 1, clock)
    limit.take("ana")
    for _ in range(10):
        with pytest.raises(RateLimited, match="At most 2 a second, 1 at once") as refused:
            limit.take("ana")
    assert refused.value.retry_after_s == 0.5
    clock.now += 500
    limit.take("ana")


def test_it_remembers_so_many_keys_and_forgets_those_longest_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat4all.environment_limits._REMEMBERED", 3)
    limit = EnvironmentLimit("receipts", 1, 1, Clock())
    for key in ("a", "b", "c", "d"):
        limit.take(key)
    assert taken(limit, "b", 1) == 0
    assert taken(limit, "a", 1) == 1
