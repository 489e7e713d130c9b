"""Status of messages: it only rises, whatever order reports come in (design.md 3; chat4all.domain.status). Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]

SENDING, ACCEPTED, SENT, DELIVERED, READ, FAILED = "sending", "accepted", "sent", "delivered", "read", "failed"
_RANK: Mapping[str, int] = {ACCEPTED: 0, SENT: 1, DELIVERED: 2, READ: 3}
_CEILING: Mapping[str, str] = {"telegram": SENT}
"""The highest that a channel can report: bots get no marks (Bot API)."""


def higher(one: str | None, other: str | None) -> str | None:
    """The one that may replace the other. Failed is final, and only what has not been delivered can fail."""
    if one is None or other is None:
        return one or other
    if FAILED in (one, other):
        rest = other if one == FAILED else one
        return rest if rest in (DELIVERED, READ) else FAILED
    return max(one, other, key=lambda status: _RANK.get(status, 0))


def status_of(message: Json, members: Mapping[str, Json], reports: Mapping[str, Mapping[str, str]]) -> str:
    """Status of an own message: the lowest over its recipients that can still rise, but never below what was said before.

    Args:
        message: as the API shows it; `local` of one that is unsent goes first.
        members: {user id: {channels, delivered_seq, read_seq}}.
        reports: what `message.status` has told: {user id: {channel: status}}.
    """
    local = message.get("local")
    if local is not None:
        return str(local)
    said = message.get("status") or ACCEPTED
    others = {user_id: member for user_id, member in members.items() if user_id != message["sender_id"]}
    fates = [_fate(message["seq"], member, reports.get(user_id, {})) for user_id, member in others.items()]
    found = _lowest(fates)
    return higher(said, found) or said


def _fate(seq: int, member: Json, reported: Mapping[str, str]) -> tuple[str, str]:
    """(channel, status) of the way to a recipient on which the message went furthest."""
    ways = list(reported.items())
    if "in_app" in member.get("channels", ("in_app",)):
        marks = (READ, member.get("read_seq", 0)), (DELIVERED, member.get("delivered_seq", 0))
        ways.append(("in_app", next((status for status, reached in marks if reached >= seq), ACCEPTED)))
    return max(ways, key=lambda way: _RANK.get(way[1], -1), default=("in_app", ACCEPTED))


def _lowest(fates: Iterable[tuple[str, str]]) -> str | None:
    waiting = [status for channel, status in fates if status not in (FAILED, _CEILING.get(channel, READ))]
    if waiting:
        return min(waiting, key=_RANK.__getitem__)
    reached = [status for _, status in fates if status != FAILED]
    return max(reached, key=_RANK.__getitem__, default=None)
