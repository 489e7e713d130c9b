"""Signals to channels: that our side has read what a contact wrote, and that somebody is writing to them.

Fed from what clients are told, so that reading and typing in the app cost no more for it. Of several signals of a conversation
the last one counts. They are of no worth later: what is lost, the next one says again.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chat4all.clock import now_ms
from chat4all.domain.routes import Route
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.record import Record
from chat4all.requested_actions import action_requested
from chat4all.stores.members import Member
from chat4all.stores.messages import Message

READ = "chat4all.receipt.updated.v1"
TYPING = "chat4all.typing.started.v1"

_KEPT_S = 60.0
"""So long it is believed who is in a conversation."""
_KNOWN = 10_000
_LOOK_BACK = 50
"""Entries among which the contact's last message is looked for: what is older was read long ago, or is not being answered."""
_TYPING_EACH_S = 4.0
"""Telegram shows typing for 5 s."""
_TYPING_MS = 5_000


@dataclass(slots=True)
class _Conversation:
    """What this environment knows of one."""

    until: float
    contacts: Sequence[Route]
    """Ways to its members who are known by addresses."""
    told_read: int = 0
    """The highest number up to which a read was passed on."""
    told_typing: float = 0.0


class ChannelSignals:
    """For a conversation without contacts 1 read of its members a minute, and nothing else."""

    def __init__(self, publisher: Publisher, clock: Callable[[], float] = time.monotonic) -> None:
        self._publisher = publisher
        self._clock = clock
        self._known: dict[str, _Conversation] = {}

    def take(self, records: Sequence[Record]) -> None:
        """Pass on what the records of one conversation say; raises PublishFailed."""
        known = self._conversation(records[0].key)
        if not known.contacts:
            return
        read_seq = max(
            (int(r.event["data"]["data"]["read_seq"]) for r in records if r.event["type"] == READ), default=0
        )
        typing = next((r for r in reversed(records) if r.event["type"] == TYPING and _is_fresh(r)), None)
        events: list[Event] = []
        if read_seq > known.told_read:
            reader = next(_user(r) for r in reversed(records) if r.event["type"] == READ)
            events += self._requests("read", records[0].key, read_seq, known.contacts, reader)
        if typing is not None and self._clock() - known.told_typing >= _TYPING_EACH_S:
            events += self._requests("typing", records[0].key, None, known.contacts, _user(typing))
            known.told_typing = self._clock()
        self._publisher.publish(events)
        known.told_read = max(known.told_read, read_seq)

    def _conversation(self, conversation_id: str) -> _Conversation:
        known = self._known.pop(conversation_id, None)
        if known is None or known.until < self._clock():
            told = (known.told_read, known.told_typing) if known is not None else (0, 0.0)
            known = _Conversation(self._clock() + _KEPT_S, tuple(_contacts(conversation_id)), *told)
        self._known[conversation_id] = known
        if len(self._known) > _KNOWN:
            self._known.pop(next(iter(self._known)))
        return known

    @staticmethod
    def _requests(
        action: str, conversation_id: str, through_seq: int | None, contacts: Sequence[Route], by: str
    ) -> list[Event]:
        """One for each contact who has written a message up to `through_seq`, about the last of these."""
        condition = Message.seq <= through_seq if through_seq is not None else None
        newest = Message.query(
            conversation_id, condition, scan_index_forward=False, limit=_LOOK_BACK, page_size=_LOOK_BACK
        )
        last: dict[tuple[str, str], Message] = {}
        for message in newest:
            if message.message_id and message.changes_seq is None:
                last.setdefault((str(message.sender_id), str(message.channel)), message)
        return [
            action_requested(action, about, route, {"seq": int(about.seq), "sender_id": by, "sender_name": None})
            for route in contacts
            if (about := last.get((route.recipient_id, route.channel))) is not None and route.recipient_id != by
        ]


def _contacts(conversation_id: str) -> list[Route]:
    return [
        Route(member.user_id, a["channel"], a["account_id"], a["address"])
        for member in Member.query(conversation_id)
        for a in member.addresses or ()
    ]


def _user(record: Record) -> str:
    return str(record.event["data"]["data"]["user_id"])


def _is_fresh(record: Record) -> bool:
    said_ms = datetime.fromisoformat(str(record.event["time"])).timestamp() * 1000
    return now_ms() - said_ms < _TYPING_MS
