"""What frames do to a store, in the transaction of a batch of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chat4all_client.live.conversation import Conversation, marked
from chat4all_client.live.frames import Change, Changed, Entry, Marks, Report, SyncDone, Unknown
from chat4all_client.live.held import Held
from chat4all_client.live.merging import merged, newer_reactions, with_reactions
from chat4all_client.live.numbers import Numbers
from chat4all_client.live.outbox import Outbox
from chat4all_client.live.reports import Reports

Json = dict[str, Any]


@dataclass
class Applied:
    """What a batch has changed, and what it leaves to be asked for."""

    messages: dict[str, dict[int, Json]] = field(default_factory=dict)
    """{conversation id: {seq: the message as it is now}}."""
    conversations: dict[str, None] = field(default_factory=dict)
    """Ids, in order."""
    holes: dict[str, None] = field(default_factory=dict)
    """Something is missing before what came."""
    advanced: dict[str, None] = field(default_factory=dict)
    """More is held without a hole than before."""
    stale: dict[str, None] = field(default_factory=dict)
    """Not held, or changed: their documents have to be read."""
    has_partial: bool = False
    """Messages have to be read."""


class Applying:
    """Takes changes one after the other; conversations are written at the end, once each."""

    def __init__(self, held: Held, outbox: Outbox, reports: Reports, user_id: str) -> None:
        self._held = held
        self._outbox = outbox
        self._reports = reports
        self._user_id = user_id
        self._before: dict[str, Conversation] = {}
        self._now: dict[str, Conversation] = {}
        self.applied = Applied()

    def take(self, changes: Sequence[Change]) -> Applied:
        """Apply them all."""
        for change in changes:
            match change:
                case Entry():
                    self._entry(change)
                case Marks():
                    self._marks(change)
                case Report():
                    self._report(change)
                case Changed():
                    self._stale(change.conversation_id)
                case SyncDone():
                    self._done(change)
                case Unknown():
                    self._held.count_unknown(change.kind, change.text)
        for conversation_id, conversation in self._now.items():
            if conversation != self._before[conversation_id]:
                self._held.put(conversation)
        return self.applied

    def message(self, told: Json) -> None:
        """Merge a message that was read or told, and let go of what was kept until it came."""
        conversation_id, message_id, seq = told["conversation_id"], told["message_id"], told["seq"]
        held = self._held.at(conversation_id, seq)
        message = merged(held, told)
        if held is None:
            early = self._held.early_reactions(conversation_id, message_id)
            if early is not None:
                message = with_reactions(message, early)
                self._held.drop_early_reactions(conversation_id, message_id)
        if message["sender_id"] == self._user_id:
            self._outbox.remove(message_id)
        if message is not held:
            self._put(message)

    def reactions(self, conversation_id: str, told: Json) -> None:
        """A reaction may come before its message: by a sync, messages and events come mixed."""
        held = self._held.found(conversation_id, told["message_id"])
        if held is None:
            before = self._held.early_reactions(conversation_id, told["message_id"])
            self._held.put_early_reactions(conversation_id, newer_reactions(before, told))
            return
        message = with_reactions(held, told)
        if message is not held:
            self._put(message)

    def _entry(self, entry: Entry) -> None:
        conversation = self._conversation(entry.conversation_id)
        if conversation is None:
            # Its document says how far it goes, and a sync from there on brings this again.
            self.applied.stale[entry.conversation_id] = None
            return
        if entry.message is not None:
            self.message(entry.message)
        if entry.partial is not None:
            self._held.put_partial(entry.conversation_id, entry.partial)
            self.applied.has_partial = True
        if entry.reactions is not None:
            self.reactions(entry.conversation_id, entry.reactions)
        numbers = conversation.numbers.counted(entry.seq)
        self._count(conversation, numbers)
        if numbers.has_hole:
            self.applied.holes[conversation.id] = None

    def _marks(self, marks: Marks) -> None:
        conversation = self._conversation(marks.conversation_id)
        if conversation is None:
            self.applied.stale[marks.conversation_id] = None
            return
        is_own = marks.user_id == self._user_id
        risen = marked(conversation, marks.user_id, marks.delivered_seq, marks.read_seq, is_own=is_own)
        if risen != conversation:
            self._change(risen)

    def _report(self, report: Report) -> None:
        if self._conversation(report.conversation_id) is not None and self._reports.put(report):
            message = self._held.found(report.conversation_id, report.message_id)
            if message is not None:
                self.applied.messages.setdefault(report.conversation_id, {})[message["seq"]] = message

    def _stale(self, conversation_id: str) -> None:
        conversation = self._conversation(conversation_id)
        if conversation is not None:
            self._now[conversation_id] = replace(conversation, is_stale=True)
        self.applied.stale[conversation_id] = None

    def _done(self, done: SyncDone) -> None:
        for conversation_id, through in done.through.items():
            conversation = self._conversation(conversation_id)
            if conversation is not None:
                self._count(conversation, conversation.numbers.complete(through))
        for conversation_id in done.other:
            if self._conversation(conversation_id) is None:
                self.applied.stale[conversation_id] = None

    def _count(self, conversation: Conversation, numbers: Numbers) -> None:
        if numbers.through > conversation.numbers.through:
            self.applied.advanced[conversation.id] = None
        self._now[conversation.id] = replace(conversation, numbers=numbers)

    def _conversation(self, conversation_id: str) -> Conversation | None:
        if conversation_id not in self._now:
            held = self._held.conversation(conversation_id)
            if held is None:
                return None
            self._before[conversation_id] = self._now[conversation_id] = held
        return self._now[conversation_id]

    def _change(self, conversation: Conversation) -> None:
        self._now[conversation.id] = conversation
        self.applied.conversations[conversation.id] = None

    def _put(self, message: Json) -> None:
        self._held.put_message(message)
        self.applied.messages.setdefault(message["conversation_id"], {})[message["seq"]] = message
        self.applied.conversations[message["conversation_id"]] = None
