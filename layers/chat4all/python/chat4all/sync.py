"""Sync: what a client missed, as `sync.message` events oldest first, then `sync.done` (design: section 4).

A message that the client holds and that was changed meanwhile comes as `message.updated`, `message.deleted` or
`reaction.updated`, in the place of its change; one that it does not hold comes in its newest state.
"""

import json
from collections.abc import Mapping
from typing import Any

from chat4all.clock import now_ms, rfc3339
from chat4all.errors import NotFound, Unavailable
from chat4all.history import History, HistoryQuery
from chat4all.rate_limits import RateLimiter
from chat4all.stores.members import Member
from chat4all.websocket.push import PATIENT_TRIES, ConnectionGone, Push, PushFailed

MESSAGES_MAX = 1_000
"""Messages of one sync; `more` in sync.done says that the client should ask again from where it stands."""
_PAGE = 100
_REACTIONS = frozenset({"message_id", "conversation_id", "reactions", "reactions_version"})
RATE, BURST = 5.0, 50
"""Syncs of one user: each may read and push a thousand messages, and holds an environment meanwhile."""


class Sync:
    """Answers `sync` by pushing to the connection that asked."""

    def __init__(self, history: History, push: Push, limiter: RateLimiter) -> None:
        self._history = history
        self._push = push
        self._limiter = limiter

    def run(self, user_id: str, connection_id: str, wanted: Mapping[str, int]) -> dict[str, Any]:
        """Push what is behind `wanted` ({conversation id: last seq held}; empty: all conversations, whole).

        Conversations that the user is no member of are left out of sync.done: the client has lost them. Those that were not
        asked for are named in it (`other`): the client may have joined them while it was away.

        Returns:
            {"messages": how many were pushed}; sync.done was pushed before, unless the client has left.

        Raises:
            RateLimited. Unavailable: the client does not take what it asked for.
        """
        self._limiter.take(f"sync:{user_id}", RATE, BURST)
        mine = [entry.conversation_id for entry in Member.by_user.query(user_id)]
        positions = dict(wanted) or dict.fromkeys(mine, 0)
        through: dict[str, int] = {}
        left = MESSAGES_MAX
        try:
            for conversation_id, after_seq in positions.items():
                try:
                    reached, pushed = self._conversation(user_id, connection_id, conversation_id, after_seq, left)
                except NotFound:
                    continue
                through[conversation_id] = reached
                left -= pushed
            other = sorted(set(mine) - set(positions))
            done = {"conversations": through, "other": other, "more": left <= 0}
            self._post(connection_id, {"type": "sync.done", "time": rfc3339(now_ms()), "data": done})
        except ConnectionGone:
            pass  # The client has left, and will ask again.
        except PushFailed as error:
            detail = "The connection does not take what it asked for. Sync again from where you stand."
            raise Unavailable(detail) from error
        return {"messages": MESSAGES_MAX - left}

    def _conversation(
        self, user_id: str, connection_id: str, conversation_id: str, after_seq: int, left: int
    ) -> tuple[int, int]:
        """Push one conversation; how far it is complete, and how many messages that were."""
        pushed = 0
        reached = after_seq
        while True:
            query = HistoryQuery(conversation_id, limit=max(1, min(_PAGE, left - pushed)), after_seq=reached)
            answer = self._history.list(user_id, query)
            if left - pushed <= 0:
                return reached, pushed
            complete = [m for m in answer["items"] if m["seq"] <= answer["complete_through"]]
            changes = [c for c in answer["changes"] if c["seq"] <= answer["complete_through"]]
            events = [_missed(message) for message in complete] + [_changed(change) for change in changes]
            for event in sorted(events, key=lambda event: int(event["seq"])):
                self._post(connection_id, event)
            pushed += len(events)
            if answer["complete_through"] == reached or answer["next_cursor"] is None:
                return answer["complete_through"], pushed
            reached = answer["complete_through"]

    def _post(self, connection_id: str, frame: Mapping[str, Any]) -> None:
        data = json.dumps(frame, separators=(",", ":"), ensure_ascii=False).encode()
        self._push.post(connection_id, data, PATIENT_TRIES)


def _changed(change: Mapping[str, Any]) -> dict[str, Any]:
    message = change["message"]
    told = _REACTIONS if change["type"] == "reaction.updated" else message
    return {
        "type": change["type"],
        "conversation_id": message["conversation_id"],
        "seq": change["seq"],
        "time": change["time"],
        "data": {name: value for name, value in message.items() if name in told},
    }


def _missed(message: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "sync.message",
        "conversation_id": message["conversation_id"],
        "seq": message["seq"],
        "time": message["created_at"],
        "data": message,
    }
