"""Sync: what a client missed, as `sync.message` events oldest first, then `sync.done` (design: section 4).

A message that the client holds and that was changed meanwhile comes as `message.updated`, `message.deleted` or
`reaction.updated`, in the place of its change; one that it does not hold comes in its newest state.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from chat4all.clock import now_ms, rfc3339
from chat4all.domain.frame_fitting import BATCH_BYTES, batched, fitted
from chat4all.errors import NotFound, Unavailable
from chat4all.history import History, HistoryQuery
from chat4all.rate_limits import RateLimiter
from chat4all.stores.heads import Head
from chat4all.stores.members import Member, MembersByUser
from chat4all.websocket.caller import Caller
from chat4all.websocket.push import PATIENT_TRIES, ConnectionGone, Push, PushFailed

MESSAGES_MAX = 1_000
"""Messages of one sync; `more` in sync.done says that the client should ask again from where it stands."""
LASTS_S = 5.0
"""Then a sync ends where it stands, with `more`: so it is done before its function's time is over, however slow the client."""
CONVERSATIONS_MAX = 1_000
"""Of one sync, asked for or named in `other`: together 90 KB of sync.done, which must go into one message."""
_PAGE = 100
_REACTIONS = frozenset({"message_id", "conversation_id", "reactions", "reactions_version"})
RATE, BURST = 5.0, 50
"""Syncs of one user: each may read and push a thousand messages, and holds an environment meanwhile."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client asks for."""

    conversations: Mapping[str, int] = field(default_factory=dict)
    """{conversation id: last seq held}, at most CONVERSATIONS_MAX."""
    after: str | None = None
    """Where to go on with the ids of conversations that were not asked for (`next` of the sync.done before)."""


@dataclass(slots=True)
class _Stream:
    """What a sync pushes, and how much more it may."""

    push: Push
    caller: Caller
    ends: float
    clock: Callable[[], float]
    pushed: int = 0
    _gathered: list[bytes] = field(default_factory=list)
    _size: int = 0

    @property
    def is_spent(self) -> bool:
        """Never before something was pushed: a client that asks again gets on."""
        return self.pushed >= MESSAGES_MAX or (self.pushed > 0 and self.clock() >= self.ends)

    def message(self, frame: Mapping[str, Any]) -> None:
        """Push it, at once or with others; raises ConnectionGone, PushFailed."""
        text = fitted(frame)
        if self._size + len(text) > BATCH_BYTES:
            self.flush()
        self._gathered.append(text)
        self._size += len(text)
        self.pushed += 1
        if not self.caller.takes_batches:
            self.flush()

    def end(self, frame: Mapping[str, Any]) -> None:
        """Push what is left and then `frame`, which stands alone."""
        self.flush()
        self._post(fitted(frame))

    def flush(self) -> None:
        for text in batched(self._gathered):
            self._post(text)
        self._gathered.clear()
        self._size = 0

    def _post(self, text: bytes) -> None:
        self.push.post(self.caller.connection_id, text, PATIENT_TRIES)


class Sync:
    """Answers `sync` by pushing to the connection that asked."""

    def __init__(
        self, history: History, push: Push, limiter: RateLimiter, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._history = history
        self._push = push
        self._limiter = limiter
        self._clock = clock

    def run(self, caller: Caller, wanted: Wanted) -> dict[str, Any]:
        """Push what is behind `wanted`, whose latest activity is newest first; without anything wanted all conversations, whole.

        Conversations that the user is no member of are left out of sync.done: the client has lost them. Those that were not
        asked for are named in it (`other`): the client may have joined them while it was away. Costs 2 read units and a
        hundredth of two calls for each conversation without news.

        Returns:
            {"messages": how many were pushed}; sync.done was pushed before, unless the client has left.

        Raises:
            RateLimited. Unavailable: the client does not take what it asked for.
        """
        self._limiter.take(f"sync:{caller.user_id}", RATE, BURST)
        stream = _Stream(self._push, caller, self._clock() + LASTS_S, self._clock)
        positions, other, next_other = _positions(caller.user_id, wanted)
        heads = _heads(caller.user_id, positions)
        through: dict[str, int] = {}
        more = False
        try:
            for head in sorted(heads, key=lambda head: -int(head.last_activity_at)):
                after, last = positions[head.conversation_id], int(head.last_seq)
                try:
                    if after < last:
                        last, broken_off = self._conversation(stream, head.conversation_id, after)
                        more = more or broken_off
                except NotFound:  # removed a moment ago
                    continue
                through[head.conversation_id] = last
            done = {"conversations": through, "other": other, "more": more}
            done |= {"next": next_other} if next_other else {}
            stream.end({"type": "sync.done", "time": rfc3339(now_ms()), "data": done})
        except ConnectionGone:
            pass  # The client has left, and will ask again.
        except PushFailed as error:
            detail = "The connection does not take what it asked for. Sync again from where you stand."
            raise Unavailable(detail) from error
        return {"messages": stream.pushed}

    def _conversation(self, stream: _Stream, conversation_id: str, reached: int) -> tuple[int, bool]:
        """Push one conversation; how far it is complete, and whether there is more that was not allowed."""
        while not stream.is_spent:
            query = HistoryQuery(conversation_id, limit=_PAGE, after_seq=reached)
            answer = self._history.list(stream.caller.user_id, query)
            through = answer["complete_through"]
            events = [_missed(message) for message in answer["items"]] + [_changed(c) for c in answer["changes"]]
            for event in sorted((e for e in events if e["seq"] <= through), key=lambda event: int(event["seq"])):
                if stream.is_spent:
                    return reached, True
                stream.message(event)
                reached = int(event["seq"])
            if answer["next_cursor"] is None or through == query.after_seq:
                return through, False
            reached = through
        return reached, True


def _positions(user_id: str, wanted: Wanted) -> tuple[Mapping[str, int], list[str], str | None]:
    """What is synced; ids of further conversations of the user; and behind which of them there are more."""
    behind = MembersByUser.conversation_id > wanted.after if wanted.after else None
    mine = (entry.conversation_id for entry in Member.by_user.query(user_id, behind))
    positions = wanted.conversations
    if not positions and wanted.after is None:
        positions = dict.fromkeys(islice(mine, CONVERSATIONS_MAX), 0)
    found = list(islice((i for i in mine if i not in positions), CONVERSATIONS_MAX + 1))
    other = found[:CONVERSATIONS_MAX]
    return positions, other, other[-1] if len(found) > len(other) else None


def _heads(user_id: str, positions: Mapping[str, int]) -> list[Head]:
    """Heads of those conversations of which the user is a member, in two calls for each hundred."""
    keys = [(conversation_id, user_id) for conversation_id in positions]
    if not keys:
        return []
    mine = [member.conversation_id for member in Member.batch_get(keys, consistent_read=True)]
    return list(Head.batch_get(mine, consistent_read=True)) if mine else []


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
