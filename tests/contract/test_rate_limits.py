"""The rate limit is exact, also for callers who come at the same moment."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat4all.errors import RateLimited
from chat4all.rate_limits import RateLimiter
from chat4all.stores.table import bind
from tests.contract.conftest import DynamoDb


@pytest.fixture
def limiter(dynamodb: DynamoDb) -> RateLimiter:
    bind(dynamodb.table_prefix)
    return RateLimiter()


def test_a_burst_is_let_through_and_no_more_by_eight_callers_at_once(limiter: RateLimiter) -> None:
    key = f"test:{uuid.uuid4()}"

    def take(_number: int) -> bool:
        try:
            limiter.take(key, rate_per_s=0.01, burst=10)
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(40))) == 10


def test_the_refusal_says_when_it_would_be_let_through(limiter: RateLimiter, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_800_000_000_000]
    monkeypatch.setattr("chat4all.rate_limits.now_ms", lambda: now[0])
    key = f"test:{uuid.uuid4()}"
    limiter.take(key, rate_per_s=2, burst=1)
    with pytest.raises(RateLimited) as caught:
        limiter.take(key, rate_per_s=2, burst=1)
    assert caught.value.retry_after_s == 0.5
    now[0] += 499
    with pytest.raises(RateLimited):
        limiter.take(key, rate_per_s=2, burst=1)
    now[0] += 1
    limiter.take(key, rate_per_s=2, burst=1)


def test_a_clock_that_was_an_hour_ahead_blocks_nobody(limiter: RateLimiter, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was seconds ahead changes no limit: no more is let through than the burst."""
    now = [1_800_000_000_000]
    monkeypatch.setattr("chat4all.rate_limits.now_ms", lambda: now[0])
    for jump_ms, free in ((3_600_000, True), (20_000, False)):
        key = f"test:{uuid.uuid4()}"
        now[0] += jump_ms
        limiter.take(key, rate_per_s=1, burst=1)
        now[0] -= jump_ms
        if free:
            limiter.take(key, rate_per_s=1, burst=1)
        with pytest.raises(RateLimited):
            limiter.take(key, rate_per_s=1, burst=1)
