"""Who receives an entry, by its number."""

from typing import Any

import pytest

from chat4all.domain.presence_in_sequence import hearing, present_at, said_in
from chat4all.domain.routes import Recipient

PHONE, OTHER = ("telegram", "a", "1"), ("whatsapp", "b", "2")
GUEST = Recipient("guest", False, (PHONE,), joined_seq=2, left_seq=10)
ANA = Recipient("ana", True, (PHONE,), joined_seq=10, in_place_of=(GUEST,))
BOTH = Recipient("ana", True, (OTHER, PHONE), joined_seq=0, reached_since=((PHONE, 10),), in_place_of=(GUEST,))
GROUP = Recipient("group", False, (("telegram", "a", "-5"),))


def shown(members: list[Recipient], seq: int) -> list[tuple[str, tuple[Any, ...]]]:
    return [(member.user_id, member.addresses) for member in present_at(members, seq)]


@pytest.mark.parametrize(
    ("member", "seq", "found"),
    [
        (ANA, 2, []),
        (ANA, 3, [("guest", (PHONE,))]),
        (ANA, 10, [("guest", (PHONE,))]),
        (ANA, 11, [("ana", (PHONE,))]),
        (BOTH, 1, [("ana", (OTHER,))]),
        (BOTH, 10, [("guest", (PHONE,)), ("ana", (OTHER,))]),
        (BOTH, 11, [("ana", (OTHER, PHONE))]),
    ],
)
def test_each_number_has_each_address_once(member: Recipient, seq: int, found: list[Any]) -> None:
    assert shown([member], seq) == found


def test_a_user_is_the_guests_they_were() -> None:
    assert [ANA.is_self(user) for user in ("ana", "guest", "bob")] == [True, True, False]


@pytest.mark.parametrize(
    ("channel", "metadata", "chat"),
    [
        ("telegram", {"origin": {"chat": {"id": "-5"}}}, ("telegram", "-5")),
        ("in_app", {"origin": {"chat": {"id": "-5"}}}, None),
        ("telegram", {"origin": {"chat": "x"}}, None),
        ("telegram", None, None),
    ],
)
def test_what_the_app_says_of_a_chat_is_not_believed(
    channel: str, metadata: dict[str, Any] | None, chat: tuple[str, str] | None
) -> None:
    assert said_in({"channel": channel, "metadata": metadata}) == chat


def test_what_was_said_in_a_group_does_not_go_back_there() -> None:
    data = {"channel": "telegram", "sender_id": "ann", "metadata": {"origin": {"chat": {"id": "-5"}}}}
    found = {member.user_id: member.addresses for member in hearing([GROUP, ANA, Recipient("ann", False)], data)}
    assert found == {"group": (), "ana": (PHONE,)}
    data["channel"] = "in_app"
    assert {member.user_id: member.addresses for member in hearing([GROUP], data)} == {"group": GROUP.addresses}
