"""The router: gives each entry of a conversation, in the order of its numbers, to its recipients' channels.

A Kafka record is a wake-up that carries the message. What is routed next is always `Head.routed_through + 1`: a record that
comes early is let go, because its predecessor's record routes both, and what a dead sender never published is read from the
table. So the order is that of `seq`, whatever order records are produced in, and each record may come again. An edit,
unsend or reaction is an entry like a message, so it is told after what it changes, and applied here where its writer died before.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chat4all.applied_changes import settle
from chat4all.client_events import message_changed, message_created, reaction_updated
from chat4all.clock import ms_of, now_ms
from chat4all.config import Settings
from chat4all.connections import Connections
from chat4all.domain.changes import CHANGES, REACT, VOID
from chat4all.domain.presence_in_sequence import hearing, present_at
from chat4all.domain.routes import Recipient, routes_over
from chat4all.domain.sequence import missing
from chat4all.entries import void
from chat4all.kafka.batch import Record
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import Publisher
from chat4all.logs import logger
from chat4all.message_events import entry_data, preview, reactions_view, trace_of, view
from chat4all.metrics.emission import observe
from chat4all.metrics.metric_list import MESSAGE_LATENCY
from chat4all.requested_actions import changed_on_channels
from chat4all.requested_deliveries import delivery_requested, record_delivery
from chat4all.requested_rule_actions import fallback_after, mirror_requested
from chat4all.routing_choices import RoutingChoices, recipient_of
from chat4all.rules_in_force import RulesInForce, first_owner
from chat4all.speakers import Speakers
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.table import condition_failed, engine_now_ms
from chat4all.tracing.current import following
from chat4all.tracing.trace_context import TraceContext

_KNOWN_CONVERSATIONS = 10_000
_AT_ONCE = 100
"""Entries of one conversation that are published and remembered together: a backlog of any length is routed bit by bit."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One that is to be routed."""

    data: dict[str, Any]
    """As its event has it (message_events.entry_data)."""
    trace: TraceContext | None
    """In which it was sent."""


@dataclass(slots=True)
class _Conversation:
    """What this environment knows of a conversation."""

    routed_through: int
    members_version: int = 0
    recipients: Sequence[Recipient] = field(default_factory=tuple)
    owner_id: str | None = None
    """Whose routing rules hold."""


class _LastMessage:
    """What the list of conversations shows, as it becomes by what is routed."""

    def __init__(self, head: Head) -> None:
        self._standing = self._shown = json.loads(head.last_message) if head.last_message else None
        self._is_active = False

    def said(self, data: Mapping[str, Any]) -> None:
        """A message."""
        self._shown, self._is_active = preview(data), True

    def changed(self, data: Mapping[str, Any]) -> None:
        """The newest state of a message, which need not be the last one."""
        if self._shown is not None and self._shown["message_id"] == data["message_id"]:
            self._shown = preview(data)

    def actions(self) -> list[Action]:
        """Updates of the head."""
        actions: list[Action] = []
        if self._shown != self._standing:
            actions.append(Head.last_message.set(json.dumps(self._shown, ensure_ascii=False)))
        if self._is_active:
            actions.append(Head.last_activity_at.set(now_ms()))
        return actions


class Router:
    """Routes messages. For a private text: 1 write unit (the head), and 1 read where this environment knows the conversation."""

    def __init__(self, settings: Settings, publisher: Publisher, connections: Connections) -> None:
        self._settings = settings
        self._publisher = publisher
        self._choices = RoutingChoices(connections, RulesInForce())
        self._known: dict[str, _Conversation] = {}
        self._speakers = Speakers()

    def route(self, records: Sequence[Record]) -> Sequence[Record]:
        """Route what the records of one conversation make possible; returns none, or raises and all come again."""
        conversation_id = records[0].key
        offered = {int(r.event["data"]["seq"]): _Entry(dict(r.event["data"]), r.trace) for r in records}
        try:
            while self._route(conversation_id, offered):
                pass
        except Exception:
            self._known.pop(conversation_id, None)
            raise
        return ()

    def _route(self, conversation_id: str, offered: Mapping[int, _Entry]) -> bool:
        """Route up to _AT_ONCE entries; whether there may be more."""
        head = _head(conversation_id)
        if head is None:
            logger.warning("conversation is gone", conversation_id=conversation_id)
            return False
        known = self._known_of(head)
        pending = self._next_in_order(head, offered)
        if not pending:
            return False
        last = _LastMessage(head)
        events = [event for entry in pending for event in self._traced(entry, known, last)]
        self._publisher.publish(events)
        _observe_routed([entry.data for entry in pending])
        known.routed_through = int(pending[-1].data["seq"])
        _advance(conversation_id, known.routed_through, last)
        return len(pending) == _AT_ONCE

    def _known_of(self, head: Head) -> _Conversation:
        known = self._known.pop(head.conversation_id, None) or _Conversation(0)
        known.routed_through = int(head.routed_through)
        if known.members_version != int(head.members_version):
            members = list(Member.query(head.conversation_id, consistent_read=True))
            known.recipients = tuple(recipient_of(member) for member in members)
            known.owner_id = first_owner(members)
            known.members_version = int(head.members_version)
        self._known[head.conversation_id] = known
        if len(self._known) > _KNOWN_CONVERSATIONS:
            self._known.pop(next(iter(self._known)))
        return known

    def _next_in_order(self, head: Head, offered: Mapping[int, _Entry]) -> list[_Entry]:
        """Entries behind `routed_through`, without a hole, at most _AT_ONCE; what was not offered is read from the table."""
        after, last = int(head.routed_through), int(head.last_seq)
        run: list[_Entry] = []
        while len(run) < _AT_ONCE and (following := offered.get(after + len(run) + 1)) is not None:
            run.append(following)
        reached = after + len(run)
        if reached < last and len(run) < _AT_ONCE:
            written = {int(e.seq): e for e in _written(head.conversation_id, reached, last, _AT_ONCE - len(run))}
            self._void_abandoned(head.conversation_id, reached, written)
            while (entry := written.get(reached + 1)) is not None:
                run.append(_Entry(entry_data(entry), trace_of(entry)))
                reached += 1
        return run

    def _void_abandoned(self, conversation_id: str, after_seq: int, written: dict[int, Message]) -> None:
        """Make void the numbers whose takers have died: their successors are older than any function may run."""
        for seq in missing(after_seq, sorted(written)):
            successor = min(s for s in written if s > seq)
            age_s = (engine_now_ms() - int(written[successor].written_at or written[successor].created_at)) / 1000
            if age_s < self._settings.number_abandoned_after_s:
                return
            if not void(conversation_id, seq):
                return  # Written after all: its own record is on its way.
            logger.warning("number abandoned", conversation_id=conversation_id, seq=seq)
            written[seq] = Message(conversation_id, seq, type=VOID)

    def _traced(self, entry: _Entry, known: _Conversation, last: _LastMessage) -> list[Event]:
        """What comes of an entry goes on in its trace."""
        with following(entry.trace):
            return list(self._events(entry.data, known, last))

    def _events(self, data: dict[str, Any], known: _Conversation, last: _LastMessage) -> Iterable[Event]:
        if data["type"] == VOID:
            return
        seq = int(data["seq"])
        present = present_at(known.recipients, seq)
        in_app = [r.user_id for r in present if r.in_app]
        if data["type"] in CHANGES:
            yield from self._changed(data, in_app, known.recipients, last)
            return
        last.said(data)
        yield message_created({k: v for k, v in data.items() if k != "channels"} | {"status": "sent"}, in_app)
        if "deleted_at" not in data:
            yield from self._deliveries(data, hearing(present, data), known)

    def _changed(
        self, data: Mapping[str, Any], in_app: Sequence[str], members: Sequence[Recipient], last: _LastMessage
    ) -> Iterable[Event]:
        seq, kind = int(data["seq"]), data["type"]
        message = settle(
            data["conversation_id"], seq, int(data["changes_seq"]), int(data["base"]), kind, data["sender_id"]
        )
        if message is None:
            return  # overtaken: the change that overtook it tells the newest state
        if kind == REACT:
            yield reaction_updated(reactions_view(message), in_app, seq)
        else:
            last.changed(view(message))
            yield message_changed(view(message), in_app)
        yield from changed_on_channels(data, message, members, lambda user: self._speakers.name_for(members, user))

    def _deliveries(self, data: dict[str, Any], others: Sequence[Recipient], known: _Conversation) -> Iterable[Event]:
        chosen = self._choices.choose(data, others, known.owner_id)
        for recipient, choice in chosen.choices:
            if choice.channels or choice.chain:
                name = self._speakers.name_for(known.recipients, data["sender_id"])
                for route in routes_over(recipient, choice.channels):
                    record_delivery(data, route)
                    yield delivery_requested(data, route, name)
                if (later := fallback_after(data, choice, name)) is not None:
                    yield later
        for target_id in chosen.mirrors:
            yield mirror_requested(data["conversation_id"], int(data["seq"]), str(known.owner_id), target_id)


def _observe_routed(entries: Iterable[Mapping[str, Any]]) -> None:
    for data in entries:
        if data["type"] != VOID and data["type"] not in CHANGES:
            observe(MESSAGE_LATENCY, (now_ms() - ms_of(data["created_at"])) / 1000, "routed")


def _head(conversation_id: str) -> Head | None:
    try:
        return Head.get(conversation_id, consistent_read=True)
    except Head.DoesNotExist:
        return None


def _written(conversation_id: str, after_seq: int, through_seq: int, limit: int) -> Iterable[Message]:
    between = Message.seq.between(after_seq + 1, through_seq)
    return Message.query(conversation_id, between, consistent_read=True, limit=limit)


def _advance(conversation_id: str, seq: int, last: _LastMessage) -> None:
    """Remember what is routed. The condition keeps it from going back where an older invocation is late."""
    try:
        Head(conversation_id).update(
            [Head.routed_through.set(seq), *last.actions()], condition=Head.routed_through < seq
        )
    except UpdateError as error:
        if not condition_failed(error):
            raise
