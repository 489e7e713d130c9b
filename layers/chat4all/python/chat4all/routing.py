"""The router: gives each message of a conversation, in the order of its numbers, to its recipients' channels.

A Kafka record is a wake-up that carries the message. What is routed next is always `Head.routed_through + 1`: a record that
comes early is let go, because its predecessor's record routes both, and what a dead sender never published is read from the
table. So the order is that of `seq`, whatever order records are produced in, and each record may come again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools import Logger
from pynamodb.exceptions import PutError, UpdateError
from pynamodb.expressions.update import Action

from chat4all.client_events import message_created
from chat4all.clock import now_ms
from chat4all.config import Settings
from chat4all.connections import Connections
from chat4all.domain.routes import Recipient, Route, routes
from chat4all.domain.sequence import missing
from chat4all.kafka.batch import Record
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.topics import outbound
from chat4all.message_events import preview, view
from chat4all.sending import void
from chat4all.stores.deliveries import Delivery, delivery_key
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.table import condition_failed

logger = Logger(service="chat4all")

_KNOWN_CONVERSATIONS = 10_000


@dataclass(slots=True)
class _Conversation:
    """What this environment knows of a conversation."""

    routed_through: int
    members_version: int = 0
    recipients: Sequence[Recipient] = field(default_factory=tuple)


class Router:
    """Routes messages. For a private text: 1 write unit (the head), and 1 read where this environment knows the conversation."""

    def __init__(self, settings: Settings, publisher: Publisher, connections: Connections) -> None:
        self._settings = settings
        self._publisher = publisher
        self._connections = connections
        self._known: dict[str, _Conversation] = {}

    def route(self, records: Sequence[Record]) -> Sequence[Record]:
        """Route what the records of one conversation make possible; returns none, or raises and all come again."""
        conversation_id = records[0].key
        offered = {int(r.event["data"]["seq"]): dict(r.event["data"]) for r in records}
        try:
            self._route(conversation_id, offered)
        except Exception:
            self._known.pop(conversation_id, None)
            raise
        return ()

    def _route(self, conversation_id: str, offered: Mapping[int, dict[str, Any]]) -> None:
        head = _head(conversation_id)
        if head is None:
            logger.warning("conversation is gone", conversation_id=conversation_id)
            return
        known = self._known_of(head)
        pending = self._next_in_order(head, offered)
        if not pending:
            return
        messages = [data for data in pending if data["type"] != "void"]
        events = [event for data in messages for event in self._events(data, known)]
        self._publisher.publish(events)
        _advance(conversation_id, int(pending[-1]["seq"]), messages[-1] if messages else None)
        known.routed_through = int(pending[-1]["seq"])

    def _known_of(self, head: Head) -> _Conversation:
        known = self._known.pop(head.conversation_id, None) or _Conversation(0)
        known.routed_through = int(head.routed_through)
        if known.members_version != int(head.members_version):
            known.recipients = tuple(_recipients(head.conversation_id))
            known.members_version = int(head.members_version)
        self._known[head.conversation_id] = known
        if len(self._known) > _KNOWN_CONVERSATIONS:
            self._known.pop(next(iter(self._known)))
        return known

    def _next_in_order(self, head: Head, offered: Mapping[int, dict[str, Any]]) -> list[dict[str, Any]]:
        """Messages and voids behind `routed_through`, without a hole; what was not offered is read from the table."""
        after, last = int(head.routed_through), int(head.last_seq)
        pending = dict(offered)
        if any(seq not in offered for seq in range(after + 1, last + 1)):
            pending = {int(m.seq): _as_data(m) for m in _written(head.conversation_id, after, last)}
            self._void_abandoned(head.conversation_id, after, pending)
        run: list[dict[str, Any]] = []
        while (following := pending.get(after + len(run) + 1)) is not None:
            run.append(following)
        return run

    def _void_abandoned(self, conversation_id: str, routed_through: int, pending: dict[int, dict[str, Any]]) -> None:
        """Make void the numbers whose senders have died: their successors are older than any function may run."""
        for seq in missing(routed_through, sorted(pending)):
            successor = min(s for s in pending if s > seq)
            age_s = (now_ms() - pending[successor]["created_ms"]) / 1000
            if age_s < self._settings.number_abandoned_after_s:
                return
            if not void(conversation_id, seq):
                return  # Written after all: its own record is on its way.
            logger.warning("number abandoned", conversation_id=conversation_id, seq=seq)
            pending[seq] = {"seq": seq, "type": "void"}

    def _events(self, data: dict[str, Any], known: _Conversation) -> Iterable[Event]:
        told = {key: value for key, value in data.items() if key not in ("channels", "created_ms")}
        seq = int(data["seq"])
        present = [r for r in known.recipients if r.joined_seq < seq]
        yield message_created(told | {"status": "sent"}, [r.user_id for r in present if r.in_app])
        external = [r for r in present if r.user_id != data["sender_id"] and r.addresses]
        if not external:
            return
        online = self._connections.of([r.user_id for r in external if r.in_app])
        for route in routes(external, data.get("channels"), online={user for user, ids in online.items() if ids}):
            _record_delivery(data, route)
            yield _delivery_requested(data, route)


def _head(conversation_id: str) -> Head | None:
    try:
        return Head.get(conversation_id, consistent_read=True)
    except Head.DoesNotExist:
        return None


def _recipients(conversation_id: str) -> Iterable[Recipient]:
    for member in Member.query(conversation_id, consistent_read=True):
        yield Recipient(
            user_id=member.user_id,
            in_app=bool(member.in_app),
            addresses=tuple((a["channel"], a["account_id"], a["address"]) for a in member.addresses or ()),
            joined_seq=int(member.joined_seq),
        )


def _written(conversation_id: str, after_seq: int, through_seq: int) -> Iterable[Message]:
    between = Message.seq.between(after_seq + 1, through_seq)
    return Message.query(conversation_id, between, consistent_read=True)


def _as_data(message: Message) -> dict[str, Any]:
    data = view(message) | {"created_ms": int(message.created_at)}
    return data | {"channels": message.channels} if message.channels else data


def _advance(conversation_id: str, seq: int, newest: dict[str, Any] | None) -> None:
    """Remember what is routed. The condition keeps it from going back where an older invocation is late."""
    actions: list[Action] = [Head.routed_through.set(seq)]
    if newest is not None:
        actions += [
            Head.last_message.set(json.dumps(preview(newest), ensure_ascii=False)),
            Head.last_activity_at.set(now_ms()),
        ]
    try:
        Head(conversation_id).update(actions, condition=Head.routed_through < seq)
    except UpdateError as error:
        if not condition_failed(error):
            raise


def _record_delivery(data: Mapping[str, Any], route: Route) -> None:
    """The delivery as accepted; one that exists already keeps its status."""
    seq = int(data["seq"])
    delivery = Delivery(
        data["conversation_id"],
        delivery_key(seq, route.recipient_id, route.channel, 0),
        seq=seq,
        message_id=data["message_id"],
        sender_id=data["sender_id"],
        recipient_id=route.recipient_id,
        channel=route.channel,
        account_id=route.account_id,
        address=route.address,
        status="accepted",
        updated_at=now_ms(),
    )
    try:
        delivery.save(Delivery.conversation_id.does_not_exist())
    except PutError as error:
        if not condition_failed(error):
            raise


def _delivery_requested(data: Mapping[str, Any], route: Route) -> Event:
    """Event on chat4all.outbound.<channel>: send this to that address."""
    body = {
        "conversation_id": data["conversation_id"],
        "seq": data["seq"],
        "message_id": data["message_id"],
        "sender_id": data["sender_id"],
        "recipient_id": route.recipient_id,
        "channel": route.channel,
        "account_id": route.account_id,
        "address": route.address,
        "part": 0,
        "message": {key: data.get(key) for key in ("type", "content", "reply_to", "created_at")},
    }
    kind = "chat4all.delivery.requested.v1"
    return Event(outbound(route.channel), kind, data["conversation_id"], body, now_ms())
