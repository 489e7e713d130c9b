"""What is left out of a batch, and for whom."""

import random
from typing import Any

import pytest

from chat4all.domain.coalescing import ClientEvent, audiences

NOW = 1_000_000
ALL = frozenset({"ana", "bob", "cy"})


def event(kind: str, subject: str = "c", age_ms: int = 0, audience: frozenset[str] = ALL, **data: Any) -> ClientEvent:
    return ClientEvent(kind, subject, NOW - age_ms, audience, data)


def receipt(version: int, user_id: str = "ana", **more: Any) -> ClientEvent:
    return event("receipt.updated", user_id=user_id, version=version, **more)


def typing(user_id: str = "ana", expires_in: int = 6, **more: Any) -> ClientEvent:
    return event("typing", user_id=user_id, expires_in=expires_in, **more)


def status(status: str, recipient_id: str = "bob", **more: Any) -> ClientEvent:
    return event("message.status", message_id="m", recipient_id=recipient_id, channel="whatsapp", status=status, **more)


def left(*events: ClientEvent) -> list[int]:
    """Positions of those that are told to anybody; nobody is told a part of them here."""
    told = audiences(events, NOW)
    assert all(one in (set(), set(event.audience)) for one, event in zip(told, events, strict=True))
    return [position for position, one in enumerate(told) if one]


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([receipt(1), receipt(2), receipt(3)], [2]),
        ([receipt(2), receipt(1)], [0]),
        ([receipt(2), receipt(2)], [1]),
        ([receipt(1), receipt(2, "bob")], [0, 1]),
        ([receipt(1), receipt(2, subject="d")], [0, 1]),
        ([typing(), typing()], [1]),
        ([typing(), typing("bob")], [0, 1]),
        ([typing(), typing(expires_in=0)], [1]),
        ([typing(age_ms=5_999)], [0]),
        ([typing(age_ms=6_000)], []),
        ([typing(expires_in=0, age_ms=5_000)], [0]),
        ([typing(), event("message.created", sender_id="ana")], [1]),
        ([event("message.created", sender_id="ana"), typing()], [0, 1]),
        ([typing(), event("message.created", sender_id="bob")], [0, 1]),
        ([typing(), event("message.created", subject="d", sender_id="ana")], [0, 1]),
        ([event("presence.updated", "ana", version=4), event("presence.updated", "ana", version=3)], [0]),
        ([event("presence.updated", "ana", version=4), event("presence.updated", "bob", version=3)], [0, 1]),
        ([status("sent"), status("delivered"), status("read")], [2]),
        ([status("read"), status("delivered")], [0]),
        ([status("sent"), status("read", "cy")], [0, 1]),
        ([status("sent", note="a link"), status("delivered")], [0, 1]),
        ([status("sent", note="a link"), status("delivered", note="a link")], [1]),
        ([status("sent"), status("failed", reason="blocked"), status("delivered")], [1, 2]),
        ([status("some day")], [0]),
        ([event("message.updated", revision=2), event("message.updated", revision=3)], [0, 1]),
        ([event("reaction.updated", reactions_version=2), event("reaction.updated", reactions_version=3)], [0, 1]),
        ([event("what nobody knows"), event("what nobody knows")], [0, 1]),
    ],
)
def test_what_is_told(events: list[ClientEvent], told: list[int]) -> None:
    assert left(*events) == told


def test_who_is_not_told_the_later_one_is_told_the_earlier_one() -> None:
    events = [receipt(1), receipt(2, audience=frozenset({"ana", "bob"}))]
    assert audiences(events, NOW) == [{"cy"}, {"ana", "bob"}]


def test_of_receipts_in_any_order_everybody_gets_the_newest_that_they_may_see_and_nothing_twice() -> None:
    chance = random.Random(8)
    for _ in range(200):
        events = [
            receipt(chance.randint(1, 5), chance.choice("xy"), audience=frozenset(chance.sample(sorted(ALL), 2)))
            for _ in range(8)
        ]
        told = audiences(events, NOW)
        for person in ALL:
            for of in "xy":
                mine = [e.data["version"] for e in events if e.data["user_id"] == of and person in e.audience]
                got = [
                    e.data["version"]
                    for e, audience in zip(events, told, strict=True)
                    if e.data["user_id"] == of and person in audience
                ]
                assert got == ([max(mine)] if mine else [])
