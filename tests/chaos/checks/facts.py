"""A history in order: messages with all their tries, who was a member when, what each client and phone got."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

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
    of_kind,
)

FOREVER = float("inf")


@dataclass(slots=True)
class Message:
    """One message_id with all tries to send it; or what a phone said, named by its content."""

    id: str
    conversation: str
    sender: str
    begin: float
    """Of the first try."""
    tries: list[Call] = field(default_factory=list)

    @property
    def acknowledged(self) -> float | None:
        """End of the first try that was."""
        return min((call.end for call in self.tries if call.outcome == "ok"), default=None)

    @property
    def refused(self) -> bool:
        """Every try was."""
        return all(call.outcome == "refused" for call in self.tries)


@dataclass(frozen=True, slots=True)
class Item:
    """A message of the final history."""

    message_id: str
    seq: int
    sender: str
    content: str
    status: str
    reply_to: str | None
    reactions: str = ""
    """As `history.reactions_text` has them."""
    file: str | None = None
    """Status of its file."""


@dataclass(slots=True)
class Stay:
    """When a user surely was a member: from the join's answer to the begin of the leave."""

    begin: float
    end: float = FOREVER


class Facts:
    """What the checks look at; made once, each index when it is first asked for."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.calls = of_kind(entries, Call)
        self.faults = of_kind(entries, FaultDone)
        self.wanted: list[str] = [name for e in of_kind(entries, Run) for name in e.options.get("faults", ())]
        self.rates = next(iter(of_kind(entries, Rates)), None)
        self.quiet = next((e.at for e in of_kind(entries, Quiet)), FOREVER)
        self.settled = next((e.at for e in of_kind(entries, Settled)), FOREVER)
        self.user_of = {e.connection: e.user for e in of_kind(entries, Connected)}
        self.opened = {e.connection: e.at for e in of_kind(entries, Connected)}
        self.closed = {e.connection: e.at for e in of_kind(entries, Closed)}
        self.syncs = of_kind(entries, Synced)
        self.phone_in = {e.phone: e.id for e in of_kind(entries, Conversation) if e.phone}
        self.phones = of_kind(entries, OnPhone)
        self.watermarks = {e.conversation: e.watermarks for e in of_kind(entries, FinalMembers)}
        self.through = {e.conversation: e.through for e in of_kind(entries, FinalHistory)}

    @cached_property
    def messages(self) -> dict[str, Message]:
        """By message_id: those that people sent."""
        found: dict[str, Message] = {}
        for call in self.calls:
            if call.op != "send" or call.message_id is None or not (call.content or "").startswith(call.message_id):
                continue
            message = found.get(call.message_id)
            if message is None:
                message = found[call.message_id] = Message(call.message_id, call.conversation, call.by, call.begin)
            message.begin = min(message.begin, call.begin)
            message.tries.append(call)
        return found

    @cached_property
    def final(self) -> dict[str, list[Item]]:
        """Final history by conversation."""
        return {e.conversation: [Item(*item) for item in e.items] for e in of_kind(self.entries, FinalHistory)}

    @cached_property
    def standing(self) -> dict[str, tuple[str, Item]]:
        """By message_id: (conversation, item) of the final history."""
        return {item.message_id: (c, item) for c, items in self.final.items() for item in items}

    @cached_property
    def said(self) -> dict[str, tuple[Call, Item | None]]:
        """What phones said, by content, with its item of the history."""
        items = {item.content: item for found in self.final.values() for item in found}
        return {c.content: (c, items.get(c.content)) for c in self.calls if c.op == "say" and c.content}

    @cached_property
    def frames(self) -> dict[int, list[Frame]]:
        """Events by connection, in the order in which they came."""
        found: dict[int, list[Frame]] = defaultdict(list)
        for frame in of_kind(self.entries, Frame):
            found[frame.connection].append(frame)
        return found

    @cached_property
    def arrivals(self) -> dict[str, dict[str, float]]:
        """By message_id: when each user first had it, pushed or synced."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for connection, frames in self.frames.items():
            user = self.user_of[connection]
            for frame in frames:
                if frame.type in ("message.created", "sync.message") and frame.message_id:
                    first = found[frame.message_id].get(user, FOREVER)
                    found[frame.message_id][user] = min(first, frame.at)
        return found

    @cached_property
    def first_push(self) -> dict[str, float]:
        """By message_id: when the first client was pushed it."""
        found: dict[str, float] = {}
        for frame in self.of_type("message.created"):
            if frame.message_id:
                found[frame.message_id] = min(found.get(frame.message_id, FOREVER), frame.at)
        return found

    @cached_property
    def reported(self) -> dict[str, float]:
        """By message_id: when a client was first told that a provider took it."""
        found: dict[str, float] = {}
        for frame in self.of_type("message.status"):
            if frame.status == "sent" and frame.message_id:
                found[frame.message_id] = min(found.get(frame.message_id, FOREVER), frame.at)
        return found

    @cached_property
    def delivered(self) -> dict[str, list[tuple[float, float]]]:
        """By conversation: (begin, first time at somebody else than the sender) of each message that got there; with a phone
        in it, the report that the provider took it counts."""
        with_phone = set(self.phone_in.values())
        found: dict[str, list[tuple[float, float]]] = {conversation: [] for conversation in self.final}
        for message in self.messages.values():
            if message.conversation in with_phone:
                at = self.reported.get(message.id)
            else:
                others = (at for user, at in self.arrivals.get(message.id, {}).items() if user != message.sender)
                at = min(others, default=None)
            if at is not None and message.conversation in found:
                found[message.conversation].append((message.begin, at))
        return found

    def synced(self, sync: Synced) -> list[Frame]:
        """The messages that a sync gave."""
        frames = self.frames.get(sync.connection, [])
        begin = bisect_left(frames, sync.begin, key=lambda frame: frame.at)
        end = bisect_right(frames, sync.end, key=lambda frame: frame.at)
        return [frame for frame in frames[begin:end] if frame.type == "sync.message"]

    @cached_property
    def _answering(self) -> dict[int, list[tuple[float, float]]]:
        """By connection: when a sync was being answered; one that never was, to the end of the connection."""
        ends = {(sync.connection, sync.begin): sync.end for sync in self.syncs}
        found: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for asked in of_kind(self.entries, SyncAsked):
            found[asked.connection].append((asked.at, ends.get((asked.connection, asked.at), FOREVER)))
        return found

    def in_sync(self, frame: Frame) -> bool:
        """Whether it came while a sync was being answered, whose changes look like pushed ones."""
        return any(begin <= frame.at <= end for begin, end in self._answering.get(frame.connection, ()))

    def of_type(self, kind: str) -> Iterable[Frame]:
        """All events of one type."""
        return (frame for frames in self.frames.values() for frame in frames if frame.type == kind)

    @cached_property
    def stays(self) -> dict[str, dict[str, list[Stay]]]:
        """By conversation and user: when they surely were a member."""
        found: dict[str, dict[str, list[Stay]]] = defaultdict(lambda: defaultdict(list))
        for conversation in of_kind(self.entries, Conversation):
            for user in conversation.members:
                found[conversation.id][user].append(Stay(0.0))
        for call in sorted((c for c in self.calls if c.op in ("join", "leave")), key=lambda c: c.begin):
            stays = found[call.conversation][call.user or ""]
            if call.op == "leave" and call.code not in (403, 409):
                if stays and stays[-1].end == FOREVER:
                    stays[-1].end = call.begin
            elif call.op == "join" and (call.outcome == "ok" or call.code == 409):
                stays.append(Stay(call.end))
        return found

    def recipients(self, conversation: str, since: float) -> list[str]:
        """Users who surely were members from `since` to the end of the load."""
        stays = self.stays.get(conversation, {})
        return [user for user, own in stays.items() if any(s.begin <= since and s.end >= self.quiet for s in own)]

    @cached_property
    def standing_messages(self) -> list[tuple[str, Item, float]]:
        """(conversation, item, begin of its first try) of all in the history whose begin is known."""
        said = {item.message_id: call.begin for call, item in self.said.values() if item is not None}
        found = []
        for conversation, items in self.final.items():
            for item in items:
                message = self.messages.get(item.message_id)
                begin = message.begin if message else said.get(item.message_id)
                if begin is not None:
                    found.append((conversation, item, begin))
        return found


def ended(call: Call) -> float:
    """When it was surely over: one without an answer may take effect later."""
    return call.end if call.outcome == "ok" else FOREVER
