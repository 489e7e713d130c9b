"""Reactions of a message, as rules."""

import pytest

from chat4all.domain.reactions import (
    EMOJIS_MAX,
    USER_EMOJIS_MAX,
    UserReactions,
    by_emoji,
    changed,
    check_limits,
    of_users,
)
from chat4all.errors import Conflict

MANY = [chr(0x1F400 + number) for number in range(EMOJIS_MAX + 1)]


def test_users_stand_in_the_order_of_their_last_reaction() -> None:
    stored = {"b": {"seq": 5, "emojis": ["x", "y"]}, "a": {"seq": 9, "emojis": ["x"]}, "c": {"seq": 3, "emojis": []}}
    assert by_emoji(of_users(stored)) == {"x": ["b", "a"], "y": ["b"]}


def test_putting_and_taking_back() -> None:
    assert changed((), "x", remove=False) == ("x",)
    assert changed(("x", "y"), "x", remove=False) == ("x", "y")
    assert changed(("x", "y"), "x", remove=True) == ("y",)
    assert changed(("y",), "x", remove=True) == ("y",)


def test_limits_hold_for_what_is_added_only() -> None:
    users = {
        "a": UserReactions(1, tuple(MANY[:USER_EMOJIS_MAX])),
        "b": UserReactions(2, tuple(MANY[USER_EMOJIS_MAX:EMOJIS_MAX])),
    }
    check_limits(users, "c", [MANY[0]])
    check_limits(users, "a", MANY[: USER_EMOJIS_MAX - 1])
    for user, wanted in (("a", MANY[: USER_EMOJIS_MAX + 1]), ("c", [MANY[-1]])):
        with pytest.raises(Conflict) as refused:
            check_limits(users, user, wanted)
        assert refused.value.code == "too_many_reactions"
