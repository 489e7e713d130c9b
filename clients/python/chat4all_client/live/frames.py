"""Frames of the WebSocket API (design.md 4), read into what they say. Pure; a frame that says nothing we know is `Unknown`."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request: `data` of its ack, or the `problem` it was refused with."""

    request_id: str
    data: Json | None = None
    problem: Json | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that answers no request of ours: the gateway's own (no `type`), or why the connection is about to be closed."""

    problem: Json
    is_gateways: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a conversation: a message, or a change of one. `seq` is to be counted."""

    conversation_id: str
    seq: int
    message: Json | None = None
    """As it is now, or later; None of a reaction."""
    reactions: Json | None = None
    """{message_id, reactions, reactions_version}."""
    partial: str | None = None
    """Id of a message that was too large for a frame (`truncated`): it has to be read over HTTP."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Watermarks of a member. They only rise."""

    conversation_id: str
    user_id: str
    delivered_seq: int
    read_seq: int


@dataclass(frozen=True, slots=True)
class Report:
    """Where a message stands on one way to one recipient."""

    conversation_id: str
    message_id: str
    recipient_id: str
    channel: str
    status: str
    document: Json


@dataclass(frozen=True, slots=True)
class Changed:
    """A conversation or its members are another: its document has to be read anew."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class SyncDone:
    """Up to where each conversation is told of whole; ids that were not asked for; whether there is more."""

    through: dict[str, int]
    other: tuple[str, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody writes, shown for `expires_in` seconds; 0: no more."""

    conversation_id: str
    user_id: str
    expires_in: float


@dataclass(frozen=True, slots=True)
class PresenceTold:
    """{user_id, status, last_seen_at?, expires_in?}."""

    document: Json


@dataclass(frozen=True, slots=True)
class TokenExpiring:
    """The token of this connection wants to be renewed."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is newer than this client, or malformed; it is kept and counted."""

    kind: str
    text: str


Change = Entry | Marks | Report | Changed | SyncDone | Unknown
"""What a store takes."""
Frame = Change | Reply | Failure | Typing | PresenceTold | TokenExpiring


def parse_all(text: str | bytes) -> list[Frame]:
    """What a message says: one frame, or several as a JSON array; never raises."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return [Unknown("no frame", text if isinstance(text, str) else text.decode(errors="replace"))]
    return [parse(document) for document in (said if isinstance(said, list) else [said])]


def parse(document: Any) -> Frame:
    """What a frame says; never raises."""
    try:
        kind = document.get("type")
        if kind is None and "message" in document:
            return Failure({"detail": str(document["message"])}, is_gateways=True)
        return _READERS[kind](document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        shown = _kind_of(document, error).encode("ascii", "backslashreplace").decode()
        return Unknown(shown, json.dumps(document))


def _reply(frame: Json) -> Frame:
    if frame["type"] == "ack":
        return Reply(_text(frame["id"]), data=dict(frame["data"]))
    problem = dict(frame["error"])
    return Failure(problem) if frame.get("id") is None else Reply(_text(frame["id"]), problem=problem)


def _message(frame: Json) -> Frame:
    data = frame["data"]
    if "truncated" in data:
        return _partial(frame)
    for name in ("message_id", "sender_id", "type"):
        _text(data[name])
    _text(data["created_at"])
    conversation_id = _text(frame["conversation_id"])
    if data["conversation_id"] != conversation_id:
        raise ValueError("a message of another conversation")
    _number(data["seq"])
    return Entry(conversation_id, _number(frame["seq"]), message=dict(data))


def _reaction(frame: Json) -> Frame:
    data = frame["data"]
    if "truncated" in data:
        return _partial(frame)
    told = {
        "message_id": _text(data["message_id"]),
        "reactions": dict(data["reactions"]),
        "reactions_version": _number(data["reactions_version"]),
    }
    return Entry(_text(frame["conversation_id"]), _number(frame["seq"]), reactions=told)


def _partial(frame: Json) -> Frame:
    return Entry(_text(frame["conversation_id"]), _number(frame["seq"]), partial=_text(frame["data"]["message_id"]))


def _marks(frame: Json) -> Frame:
    data = frame["data"]
    seqs = _number(data["delivered_seq"]), _number(data["read_seq"])
    return Marks(_text(frame["conversation_id"]), _text(data["user_id"]), *seqs)


def _report(frame: Json) -> Frame:
    data = frame["data"]
    recipient, channel = data.get("recipient_id") or "", data.get("channel") or ""
    message_id, status = _text(data["message_id"]), _text(data["status"])
    return Report(_text(frame["conversation_id"]), message_id, recipient, channel, status, dict(data))


def _changed(frame: Json) -> Frame:
    return Changed(_text(frame["conversation_id"]))


def _sync_done(frame: Json) -> Frame:
    data = frame["data"]
    through = {_text(name): _number(seq) for name, seq in data["conversations"].items()}
    return SyncDone(through, tuple(_text(name) for name in data.get("other", ())), bool(data.get("more")))


def _typing(frame: Json) -> Frame:
    data = frame["data"]
    return Typing(_text(frame["conversation_id"]), _text(data["user_id"]), float(data["expires_in"]))


def _presence(frame: Json) -> Frame:
    _text(frame["data"]["user_id"])
    return PresenceTold(dict(frame["data"]))


def _expiring(_frame: Json) -> Frame:
    return TokenExpiring()


_READERS: dict[Any, Callable[[Json], Frame]] = {
    "ack": _reply,
    "error": _reply,
    "message.created": _message,
    "sync.message": _message,
    "message.updated": _message,
    "message.deleted": _message,
    "reaction.updated": _reaction,
    "receipt.updated": _marks,
    "message.status": _report,
    "conversation.updated": _changed,
    "member.updated": _changed,
    "sync.done": _sync_done,
    "typing": _typing,
    "presence.updated": _presence,
    "token.expiring": _expiring,
}


def _kind_of(document: Any, error: Exception) -> str:
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in _READERS:
        return str(kind)[:100]
    return f"{kind}: {type(error).__name__} {error}"[:200]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    value.encode()  # UnicodeEncodeError, a ValueError, of half a surrogate pair
    return value


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise TypeError(f"{value!r:.40} is no number of an entry")
    return value
