"""Who is online, from signs of life and by the clock alone."""

import pytest

from chat4all.domain.presence import HOLDS_MS, INTERVAL_S, TELL_AGAIN_MS, TOLD_MS, Sign, is_news, online_until

NOW = 1_800_000_000_000


@pytest.mark.parametrize(
    ("signs", "until"),
    [
        ([], 0),
        ([Sign(NOW)], NOW + HOLDS_MS),
        ([Sign(NOW), Sign(NOW - 10)], NOW + HOLDS_MS),
        ([Sign(NOW - HOLDS_MS)], NOW),
        ([Sign(NOW, until=NOW + 5)], NOW + 5),
        ([Sign(NOW, until=NOW + 10 * HOLDS_MS)], NOW + HOLDS_MS),
        ([Sign(NOW, until=NOW - 5), Sign(NOW - 20_000)], NOW - 20_000 + HOLDS_MS),
    ],
)
def test_online_as_long_as_one_sign_of_life_holds_and_its_token(signs: list[Sign], until: int) -> None:
    assert online_until(signs) == until


def test_two_heartbeats_may_be_lost() -> None:
    assert 2 * INTERVAL_S * 1000 < HOLDS_MS


@pytest.mark.parametrize(
    ("is_online", "told_until", "is_told"),
    [
        (True, 0, True),
        (True, NOW - 1, True),
        (True, NOW + TOLD_MS, False),
        (True, NOW + TELL_AGAIN_MS, False),
        (True, NOW + TELL_AGAIN_MS - 1, True),
        (False, 0, False),
        (False, NOW, False),
        (False, NOW + 1, True),
    ],
)
def test_contacts_are_told_what_they_do_not_know(is_online: bool, told_until: int, is_told: bool) -> None:
    assert is_news(is_online, told_until, NOW) is is_told


def test_what_contacts_were_told_is_said_again_before_it_is_over() -> None:
    assert 2 * INTERVAL_S * 1000 <= TELL_AGAIN_MS < TOLD_MS
