"""A history by hand in which everything is as it must be; tests change one thing in it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tests.chaos.history import (
    Call,
    Closed,
    Connected,
    Conversation,
    Entry,
    FaultDone,
    FinalHistory,
    FinalMembers,
    Frame,
    OnPhone,
    Quiet,
    Rates,
    Run,
    Settled,
    SyncAsked,
    Synced,
)

Change = Callable[[Entry], Entry | None]
"""None leaves the entry out."""

ROOM = "room"


def story() -> list[Entry]:
    """Ana, Bob and Carla (with a phone) in one conversation. Ana sends m1, m2 and m4, Bob m3 as an answer to m1; number 3
    is void, number 6 the edit of m2. Bob is offline when m4 comes, and syncs. The phone says "in 1" with a file, number 7, to
    which Bob reacts, number 8. A fault."""
    return [
        Run(1, {}),
        Rates(5, 10),
        Conversation(ROOM, "group", ["ana", "bob"]),
        Conversation(ROOM, "guest", [], "phone"),
        Connected(1, "ana", 0.5),
        Connected(2, "bob", 0.6),
        send("m1", "ana", 1.0, 1.1, 1),
        *pushed("m1", 1, 1.2),
        Frame(1, 1.3, "message.status", ROOM, 1, "m1", "carla", "sent"),
        send("m2", "ana", 2.0, 2.1, None, outcome="unknown", code=0),
        send("m2", "ana", 2.3, 2.4, 2),
        send("m2", "ana", 2.5, 2.6, 2, code=200),
        *pushed("m2", 2, 2.45),
        Call("send", "ana", ROOM, 2.7, 2.8, "refused", 409, "m2", content="m2 text other"),
        FaultDone("kill -9 router", 3.0, 3.5, 3.6),
        send("m3", "bob", 4.0, 4.1, 4, reply_to="m1"),
        *pushed("m3", 4, 4.2),
        Frame(2, 4.25, "message.status", ROOM, 4, "m3", "carla", "sent"),
        Call("status", "ana", ROOM, 4.3, 4.4, "ok", 200, "m1", status="sent"),
        Call("receipt", "bob", ROOM, 4.5, 4.6, "ok", 200, seq=2, through=2),
        Call("receipt", "bob", ROOM, 4.5, 4.6, "refused", 400, seq=90_000, expected="refused"),
        Call("status", "ana", ROOM, 4.7, 4.8, "ok", 200, "m1", status="read"),
        Closed(2, 5.0),
        send("m4", "ana", 5.1, 5.2, 5),
        Frame(1, 5.3, "message.created", ROOM, 5, "m4"),
        Call("page", "ana", ROOM, 5.4, 5.5, "ok", 200, after=1, through=5, seqs=[2, 4, 5]),
        Call("edit", "ana", ROOM, 5.6, 5.7, "ok", 200, "m2", content="m2 edited a"),
        Frame(1, 5.8, "message.updated", ROOM, 6, "m2", content="m2 edited a"),
        Connected(3, "bob", 6.0),
        SyncAsked(3, 6.1),
        Frame(3, 6.2, "sync.message", ROOM, 5, "m4"),
        Frame(3, 6.2, "message.updated", ROOM, 6, "m2", content="m2 edited a"),
        Synced(3, 6.1, 6.3, {ROOM: 4}, {ROOM: 6}),
        Call("say", "phone", ROOM, 7.0, 7.1, "ok", 201, content="in 1"),
        *(Frame(connection, 7.2, "message.created", ROOM, 7, "m7", content="in 1") for connection in (1, 3)),
        Call("react", "bob", ROOM, 7.25, 7.3, "ok", 200, "m7", content="👍"),
        *(Frame(c, 7.35, "reaction.updated", ROOM, 8, "m7", reactions="👍 bob") for c in (1, 3)),
        Quiet(8.0),
        Settled(9.0),
        FinalHistory(
            ROOM,
            8,
            [
                ["m1", 1, "ana", "m1 text", "read", None],
                ["m2", 2, "ana", "m2 edited a", "sent", None],
                ["m3", 4, "bob", "m3 text", "sent", "m1"],
                ["m4", 5, "ana", "m4 text", "sent", None],
                ["m7", 7, "carla", "in 1", "sent", None, "👍 bob", "completed"],
            ],
        ),
        FinalMembers(ROOM, {"ana": [0, 0], "bob": [4, 2]}),
        OnPhone("phone", ROOM, [[i, f"m{i} text", "bot"] for i in (1, 2, 3, 4)] + [[5, "in 1", "me"]]),
    ]


def send(message_id: str, by: str, begin: float, end: float, seq: int | None, **more: Any) -> Call:
    """An acknowledged send, unless `more` says otherwise."""
    given: dict[str, Any] = {"outcome": "ok", "code": 202} | more
    return Call("send", by, ROOM, begin, end, message_id=message_id, seq=seq, content=f"{message_id} text", **given)


def pushed(message_id: str, seq: int, at: float) -> list[Frame]:
    """To both who are there."""
    return [Frame(connection, at, "message.created", ROOM, seq, message_id) for connection in (1, 2)]


def changed(change: Change, *more: Entry) -> Sequence[Entry]:
    """The story with each entry as `change` makes it, and `more` before its end."""
    entries = [new for entry in story() if (new := change(entry)) is not None]
    quiet = next(index for index, entry in enumerate(entries) if isinstance(entry, Quiet))
    return [*entries[:quiet], *more, *entries[quiet:]]


def same(entry: Entry) -> Entry:
    """No change."""
    return entry


def final(*items: list[Any], through: int = 7) -> Change:
    """Another end of the conversation."""
    return lambda e: FinalHistory(ROOM, through, list(items)) if isinstance(e, FinalHistory) else e


def final_without(message_id: str) -> Change:
    """The conversation's end without a message."""

    def change(entry: Entry) -> Entry:
        if isinstance(entry, FinalHistory):
            return replace(entry, items=[item for item in entry.items if item[0] != message_id])
        return entry

    return change


def final_with(message_id: str, **values: Any) -> Change:
    """The conversation's end with other values of one message."""
    places = {"seq": 1, "content": 3, "status": 4, "reply_to": 5, "reactions": 6, "file": 7}

    def change(entry: Entry) -> Entry:
        if not isinstance(entry, FinalHistory):
            return entry
        items = [list(item) for item in entry.items]
        for item in items:
            if item[0] == message_id:
                for name, value in values.items():
                    item[places[name]] = value
        return replace(entry, items=items)

    return change


def without(kind: type[Any], **values: Any) -> Change:
    """Leaves out entries of a kind with these values."""
    return lambda e: None if _is(e, kind, values) else e


def with_(kind: type[Any], where: dict[str, Any], **values: Any) -> Change:
    """Entries of a kind, where they have these values, with others."""
    return lambda e: replace(e, **values) if _is(e, kind, where) else e


def _is(entry: Entry, kind: type[Any], values: dict[str, Any]) -> bool:
    return isinstance(entry, kind) and all(getattr(entry, name) == value for name, value in values.items())
