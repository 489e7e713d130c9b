"""When a record is tried again, and when it is given up."""

import pytest

from chat4all.domain.retry import RetryRules, Trouble, delay_s, is_expired, is_given_up

RULES = RetryRules(first_s=1, longest_s=600, max_errors=10, max_age_s=86_400)


def test_delays_double_up_to_the_longest_between_half_and_whole() -> None:
    assert [delay_s(RULES, tries, 1.0) for tries in (1, 2, 3, 10, 11, 500)] == [1, 2, 4, 512, 600, 600]
    assert [delay_s(RULES, tries, 0.0) for tries in (1, 2, 3, 11)] == [0.5, 1, 2, 300]


@pytest.mark.parametrize(("random", "expected"), [(0.0, 30.0), (1.0, 31.0)])
def test_a_throttle_is_never_shortened(random: float, expected: float) -> None:
    assert delay_s(RULES, 1, random, wait_s=30) == expected


def test_ten_errors_take_a_quarter_of_an_hour_at_most() -> None:
    assert sum(delay_s(RULES, tries, 1.0) for tries in range(1, RULES.max_errors)) == 511


def test_errors_of_ours_count_and_those_of_others_do_not() -> None:
    ours, theirs = Trouble("bug"), Trouble("away", is_excused=True)
    assert not is_given_up(RULES, ours, 9, expired=False)
    assert is_given_up(RULES, ours, 10, expired=False)
    assert not is_given_up(RULES, theirs, 10, expired=False)
    assert is_given_up(RULES, theirs, 0, expired=True)


def test_a_day_is_the_age() -> None:
    assert not is_expired(RULES, 0, 86_399_999)
    assert is_expired(RULES, 0, 86_400_000)


@pytest.mark.parametrize("tries", [1, 9])
def test_what_is_to_come_again_just_then_does_so_however_often_it_was_looked_at(tries: int) -> None:
    assert delay_s(RULES, tries, 0.0, wait_s=5, is_exact=True) == 5
    assert delay_s(RULES, tries, 1.0, wait_s=5, is_exact=True) == 6
    assert delay_s(RULES, tries, 1.0, wait_s=0, is_exact=True) == 1
