"""One conversation of the model: its entries and members, and what a reader is shown of them."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
MESSAGE, EDIT, DELETE, REACT, VOID = "message", "edit", "delete", "react", "void"


@dataclass
class Entry:
    """What has a number. Of a change: `target`, and whether it is applied."""

    kind: str
    sender_id: str = ""
    target: int = 0
    base: int = 0
    content: Any = None
    applied: bool = True


@dataclass
class Member:
    """Of a conversation."""

    role: str
    joined_at: str
    delivered_seq: int = 0
    read_seq: int = 0

    def document(self, user_id: str) -> Json:
        """As reads have it."""
        marks = {"delivered_seq": self.delivered_seq, "read_seq": self.read_seq}
        return {"user_id": user_id, "role": self.role, "channels": ["in_app"], **marks, "joined_at": self.joined_at}


@dataclass
class Conversation:
    """Entries by number from 1; one whose number is taken and that is not written is missing."""

    id: str
    title: str
    created_at: str
    members: dict[str, Member] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    """As they are now."""
    reacted: dict[int, dict[str, tuple[int, list[str]]]] = field(default_factory=dict)
    """{message: {user: (number of the reaction, emojis)}}."""
    taken: int = 0
    routed: int = 0
    updated_at: str = ""

    def number(self) -> int:
        """The next number."""
        self.taken += 1
        return self.taken

    def said(self, seq: int, message: Json) -> None:
        """A message is written."""
        self.entries[seq] = Entry(MESSAGE, message["sender_id"])
        self.messages[seq] = message

    def apply(self, seq: int, now: str) -> bool:
        """Apply the change `seq` where it is not and can be; False: it was overtaken."""
        change = self.entries[seq]
        if change.applied:
            return True
        change.applied = True
        message = self.messages[change.target]
        if change.kind == REACT:
            return self._react(seq, change, message)
        if message.get("revision", 0) != change.base:
            return False
        message["revision"] = seq
        if change.kind == EDIT:
            message |= {"content": change.content, "edited_at": now}
            return True
        for name in ("content", "metadata"):
            message.pop(name, None)
        message |= {"deleted_at": now, "reactions": {}}
        self.reacted.pop(change.target, None)
        return True

    def standing(self, seq: int) -> int:
        """Number of the newest change of the kind of the change `seq`, of what it changes."""
        change = self.entries[seq]
        if change.kind == REACT:
            return self.reacted.get(change.target, {}).get(change.sender_id, (0, []))[0]
        return int(self.messages[change.target].get("revision", 0))

    def document(self, user_id: str, *, with_members: bool) -> Json:
        """As GET shows it to a member."""
        own = self.members[user_id]
        routed = [seq for seq in sorted(self.messages) if seq <= self.routed]
        last = self.messages[routed[-1]] if routed else None
        unread = sum(1 for seq in routed if seq > own.read_seq and self.messages[seq]["sender_id"] != user_id)
        shown = {
            "id": self.id,
            "type": "group",
            "title": self.title,
            "updated_at": self.updated_at,
            "last_activity_at": last["created_at"] if last else self.created_at,
            "last_message": {name: last[name] for name in ("message_id", "seq", "sender_id", "type", "created_at")}
            if last
            else None,
            "last_seq": self.routed,
            "member_count": len(self.members),
            "unread_count": min(100, unread),
            "delivered_seq": own.delivered_seq,
            "read_seq": own.read_seq,
        }
        if with_members:
            shown["members"] = [member.document(user_id) for user_id, member in sorted(self.members.items())]
        return shown

    def _react(self, seq: int, change: Entry, message: Json) -> bool:
        users = self.reacted.setdefault(change.target, {})
        if "deleted_at" in message or users.get(change.sender_id, (0, []))[0] != change.base:
            return False
        users[change.sender_id] = (seq, change.content)
        message["reactions_version"] = message.get("reactions_version", 0) + 1
        by_emoji: dict[str, list[str]] = {}
        for user_id, (_, emojis) in sorted(users.items()):
            for emoji in emojis:
                by_emoji.setdefault(emoji, []).append(user_id)
        message["reactions"] = by_emoji
        return True
