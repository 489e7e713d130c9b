"""Cursors of streams."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat4all.errors import Invalid
from edge.streams.cursor import decode, encode

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is not what these tests are about."""


@unhurried
@given(st.lists(st.integers(0, 2**63 - 1), max_size=100), st.text(max_size=40))
def test_a_cursor_comes_back_as_it_went(offsets: list[int], user_id: str) -> None:
    positions = dict(enumerate(offsets))
    assert decode(encode(positions, user_id), user_id) == positions


def test_a_partition_without_a_position_stands_at_its_beginning() -> None:
    assert decode(encode({2: 7}, "a"), "a") == {0: 0, 1: 0, 2: 7}


@pytest.mark.parametrize("cursor", ["", "a", "%%%", "AAAA", "ä", "A" * 10_000, "AQ" * 40])
def test_what_is_none(cursor: str) -> None:
    with pytest.raises(Invalid) as caught:
        decode(cursor, "a")
    assert caught.value.code == "invalid_cursor"


def test_somebody_elses_is_none() -> None:
    with pytest.raises(Invalid):
        decode(encode({0: 1}, "ana"), "bob")


@unhurried
@given(st.integers(0, 30), st.integers(1, 255))
def test_a_changed_one_is_none(place: int, flip: int) -> None:
    import base64

    text = bytearray(base64.urlsafe_b64decode(encode({0: 2**40, 1: 2**50, 2: 2**30}, "a") + "=="))
    text[place % len(text)] ^= flip
    with pytest.raises(Invalid):
        decode(base64.urlsafe_b64encode(text).decode().rstrip("="), "a")
