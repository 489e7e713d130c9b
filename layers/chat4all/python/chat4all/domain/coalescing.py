"""What of a batch of client events need not be told, because another one in the batch says all of it.

Only of what carries no number of the sequence: an event that counts (`message.created`, `message.updated`, `reaction.updated`) is
always told, or a client would find a hole. Clients keep what has the highest version of each thing (docs/clients.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat4all.domain.status import FAILED, RANK

Key = tuple[str, ...]
LONGEST_TYPING_S = 6
"""So long the end of a typing is worth telling: then nobody shows it any more."""


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """An event of chat4all.events, as far as the rule looks at it."""

    kind: str
    """`type` of the frame."""
    subject: str
    """The conversation; of presence.updated the user."""
    time_ms: int
    audience: frozenset[str]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _State:
    """What an event says: of two with one key the one that stands higher says all of it; of two that stand alike, the later."""

    key: Key
    height: int
    besides: frozenset[str] = frozenset()
    """What else it says: one that says less does not stand for it."""


def audiences(events: Sequence[ClientEvent], now_ms: int) -> list[set[str]]:
    """Whom each event is still told: its audience without those who are told by another one in the batch.

    A typing that is over is told to nobody, nor is one behind which a message of the same user comes.
    """
    told = [set() if _is_over(event, now_ms) else set(event.audience) for event in events]
    standing: dict[Key, list[tuple[int, _State]]] = {}
    for position, event in enumerate(events):
        if event.kind == "message.created":
            typed = ("typing", event.subject, str(event.data.get("sender_id")))
            for earlier, _ in standing.get(typed, ()):
                told[earlier] -= event.audience
        state = _STATES[event.kind](event) if event.kind in _STATES else None
        if state is None:
            continue
        others = standing.setdefault(state.key, [])
        for earlier, other in others:
            if _says_all(state, other):
                told[earlier] -= event.audience
            elif _says_all(other, state):
                told[position] -= events[earlier].audience
        others.append((position, state))
    return told


def _says_all(one: _State, other: _State) -> bool:
    return one.height >= other.height and one.besides >= other.besides


def _is_over(event: ClientEvent, now_ms: int) -> bool:
    """A typing whose time has passed while it was on its way."""
    if event.kind != "typing":
        return False
    lasts_s = event.data.get("expires_in") or LONGEST_TYPING_S
    return event.time_ms + lasts_s * 1000 <= now_ms


def _receipt(event: ClientEvent) -> _State:
    return _State((event.kind, event.subject, str(event.data["user_id"])), int(event.data.get("version", 0)))


def _typing(event: ClientEvent) -> _State:
    return _State((event.kind, event.subject, str(event.data["user_id"])), 0)


def _presence(event: ClientEvent) -> _State:
    return _State((event.kind, event.subject), int(event.data.get("version", 0)))


def _status(event: ClientEvent) -> _State | None:
    """Status only rises, so the higher one is newer. One that failed says why, and stands for itself."""
    data = event.data
    if data["status"] == FAILED or data["status"] not in RANK:
        return None
    of = (str(data["message_id"]), *(str(data.get(name, "")) for name in ("recipient_id", "channel", "file_id")))
    return _State((event.kind, event.subject, *of), RANK[data["status"]], frozenset(data.keys() & {"reason", "note"}))


_STATES: Mapping[str, Callable[[ClientEvent], _State | None]] = {
    "receipt.updated": _receipt,
    "typing": _typing,
    "presence.updated": _presence,
    "message.status": _status,
}
