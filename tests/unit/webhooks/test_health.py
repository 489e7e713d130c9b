"""The schedule, the rests of an endpoint that fails, and when it is disabled."""

from itertools import accumulate

import pytest

from chat4all.domain.webhook_health import (
    FAILING_MS,
    JITTER,
    SCHEDULE_S,
    failing_since,
    is_given_up,
    is_resting,
    rest_s,
    wait_s,
)

HOUR_MS = 3_600_000


def test_the_schedule_is_that_of_the_contract() -> None:
    assert [wait_s(tries, 0.0) for tries in range(9)] == [0, 5, 300, 1800, 7200, 18_000, 36_000, 36_000, None]
    assert list(accumulate(SCHEDULE_S))[-1] == 99_305  # 27 h 35 min


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_jitter_is_small_and_never_makes_it_earlier(chance: float) -> None:
    for tries, usual in enumerate(SCHEDULE_S):
        assert usual <= (wait_s(tries, chance) or 0) <= usual * (1 + JITTER)


def test_an_endpoint_may_ask_for_more_time_but_not_for_ever_and_never_for_less() -> None:
    assert wait_s(1, 0.0, asked_s=60) == 60
    assert wait_s(2, 0.0, asked_s=60) == 300
    assert wait_s(1, 0.0, asked_s=10**9) == 24 * 3600
    assert wait_s(8, 0.0, asked_s=60) is None


def test_who_fails_three_times_in_a_row_rests_longer_each_time() -> None:
    assert [is_resting(failures) for failures in range(4)] == [False, False, False, True]
    assert [rest_s(failures, 0.5) for failures in range(12)] == [0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert rest_s(3, 0.0) == 4
    assert rest_s(10**6, 1.0) == 360


def test_it_is_given_up_after_five_days_without_a_success() -> None:
    since = failing_since(None, None, 1_000)
    assert since == 1_000
    assert failing_since(since, since, since + HOUR_MS) == since
    assert not is_given_up(since, since + FAILING_MS - 1)
    assert is_given_up(since, since + FAILING_MS)


def test_five_days_without_any_attempt_say_nothing() -> None:
    """An event a week that fails is no week of failure."""
    assert failing_since(1_000, 1_000, 1_000 + FAILING_MS) == 1_000 + FAILING_MS
    assert failing_since(1_000, 1_000 + HOUR_MS, 1_000 + FAILING_MS) == 1_000
