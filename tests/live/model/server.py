"""The server of the model: what was asked for, done at one moment each; writers may be slow, or die between two steps."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from tests.live.model import history
from tests.live.model.entries import DELETE, EDIT, REACT, VOID, Conversation, Entry, Member

Json = dict[str, Any]
EPOCH = 1_800_000_000
ABANDONED_S = 30.0
TOKEN_S = 1_800.0


class Refused(Exception):
    """A problem as the API answers it."""

    def __init__(self, status: int, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.problem: Json = {"status": status, "code": code, "detail": code, "title": code}
        if retry_after is not None:
            self.problem["retry_after"] = retry_after


@dataclass
class Server:
    """`push` is set by the network: (user id, frame)."""

    chance: Random
    trouble: float = 0.0
    """How often a writer is slow or dies."""
    conversations: dict[str, Conversation] = field(default_factory=dict)
    claims: dict[tuple[str, str], Json] = field(default_factory=dict)
    """{(sender, message id): the answer}."""
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    """{message id: where it stands}."""
    writing: dict[tuple[str, str], None] = field(default_factory=dict)
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    """{token: (user id, when it expires)}."""
    push: Callable[[str, Json], None] = lambda _user_id, _frame: None
    late: set[asyncio.Task[None]] = field(default_factory=set)
    _count: int = 0

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def time(self, at: float | None = None) -> str:
        """RFC 3339."""
        moment = datetime.fromtimestamp(EPOCH + (self.now() if at is None else at), UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def token(self, user_id: str) -> str:
        """A new access token."""
        self._count += 1
        name = f"{user_id}.{self._count}"
        self.tokens[name] = (user_id, self.now() + TOKEN_S)
        return name

    def user_of(self, token: str) -> str | None:
        """None: it is no good."""
        user_id, until = self.tokens.get(token, ("", 0.0))
        return user_id if until > self.now() else None

    def create(self, conversation_id: str, user_ids: Iterable[str]) -> Conversation:
        """A group; the first is its owner."""
        made = Conversation(conversation_id, "new", self.time(), updated_at=self.time())
        for position, user_id in enumerate(user_ids):
            made.members[user_id] = Member("owner" if position == 0 else "member", self.time())
        self.conversations[conversation_id] = made
        self.tell(made, {"type": "conversation.updated", "data": {"id": conversation_id}})
        return made

    def of(self, user_id: str, conversation_id: str) -> Conversation:
        """Raises Refused (404) for who is no member."""
        found = self.conversations.get(conversation_id)
        if found is None or user_id not in found.members:
            raise Refused(404, "not_found")
        return found

    def tell(self, conversation: Conversation, frame: Json, also: Iterable[str] = (), but: str = "") -> None:
        """Push an event to all members' devices."""
        whole = {"conversation_id": conversation.id, "time": self.time()} | frame
        for user_id in sorted({*conversation.members, *also} - {but}):
            self.push(user_id, whole)

    async def send(self, user_id: str, body: Mapping[str, Any]) -> Json:
        """As POST /v1/messages."""
        claim = (user_id, str(body["message_id"]))
        if claim in self.claims:
            return self.claims[claim]
        conversation = self.of(user_id, body["conversation_id"])
        if claim in self.writing:
            raise Refused(503, "being_written", 1)
        if body["content"] == "refused":
            raise Refused(400, "invalid")
        self.writing[claim] = None
        try:
            seq = await self._number(conversation)
            message: Json = {
                "message_id": body["message_id"],
                "conversation_id": conversation.id,
                "seq": seq,
                "sender_id": user_id,
                "channel": "in_app",
                "type": "text",
                "content": body["content"],
                "reactions": {},
                "created_at": self.time(),
            } | ({"reply_to": body["reply_to"]} if "reply_to" in body else {})
            conversation.said(seq, message)
            self.places[message["message_id"]] = (conversation.id, seq)
            names = ("message_id", "conversation_id", "seq", "created_at")
            self.claims[claim] = {"status": "accepted"} | {name: message[name] for name in names}
        finally:
            self.writing.pop(claim, None)
        self.route(conversation)
        return self.claims[claim]

    async def change(self, user_id: str, kind: str, body: Mapping[str, Any]) -> Json:
        """An edit, unsend or reaction."""
        conversation, target = self.message(user_id, body["message_id"])
        message = conversation.messages[target]
        if kind == EDIT and body.get("revision", message.get("revision", 0)) != message.get("revision", 0):
            raise Refused(409, "edited_meanwhile")
        if "deleted_at" in message:
            if kind == DELETE:
                return self._answer(conversation, kind, target)
            raise Refused(409, "message_deleted")
        if kind != REACT and message["sender_id"] != user_id:
            raise Refused(403, "forbidden")
        content = body.get("content")
        base = message.get("revision", 0)
        if kind == REACT:
            base, emojis = conversation.reacted.get(target, {}).get(user_id, (0, []))
            content = sorted({*emojis, body["emoji"]} - ({body["emoji"]} if body.get("remove") else set()))
            if content == emojis:
                return self._answer(conversation, kind, target)
        seq = await self._number(conversation)
        conversation.entries[seq] = Entry(kind, user_id, target, base, content, applied=False)
        if self.chance.random() < self.trouble:
            self._later(self._applied_late(conversation))
            raise Refused(500, "died")  # the router applies it
        applied = conversation.apply(seq, self.time())
        self.route(conversation)
        if not applied:
            raise Refused(409, "edited_meanwhile")
        return self._answer(conversation, kind, target)

    def message(self, user_id: str, message_id: str) -> tuple[Conversation, int]:
        """Where a message stands; raises Refused (404)."""
        found = self.places.get(message_id)
        if found is None:
            raise Refused(404, "not_found")
        return self.of(user_id, found[0]), found[1]

    def receipt(self, user_id: str, conversation_id: str, body: Mapping[str, Any]) -> Json:
        """Watermarks only rise."""
        conversation = self.of(user_id, conversation_id)
        member = conversation.members[user_id]
        for seq in body.values():
            if seq > conversation.routed and seq not in conversation.entries:
                raise Refused(400, "beyond")
        before = (member.delivered_seq, member.read_seq)
        member.read_seq = max(member.read_seq, body.get("read_seq", 0))
        member.delivered_seq = max(member.delivered_seq, member.read_seq, body.get("delivered_seq", 0))
        marks = {"delivered_seq": member.delivered_seq, "read_seq": member.read_seq}
        if before != (member.delivered_seq, member.read_seq):
            self.tell(conversation, {"type": "receipt.updated", "data": {"user_id": user_id, **marks}})
        return {"conversation_id": conversation_id, "user_id": user_id, **marks}

    def join(self, conversation: Conversation, user_id: str) -> None:
        """Somebody becomes a member."""
        last = conversation.routed
        conversation.members[user_id] = Member("member", self.time(), last, last)
        self.tell(
            conversation, {"type": "member.updated", "data": {"user_id": user_id, "role": "member", "joined": True}}
        )

    def leave(self, conversation: Conversation, user_id: str) -> None:
        """Somebody is one no more."""
        del conversation.members[user_id]
        data = {"user_id": user_id, "role": "member", "joined": False}
        self.tell(conversation, {"type": "member.updated", "data": data}, also=[user_id])

    def rename(self, conversation: Conversation, title: str) -> None:
        """Another title."""
        conversation.title, conversation.updated_at = title, self.time()
        self.tell(conversation, {"type": "conversation.updated", "data": {"id": conversation.id, "title": title}})

    def route(self, conversation: Conversation) -> None:
        """Tell of everything that is written, in order."""
        while (conversation.routed + 1) in conversation.entries:
            seq = conversation.routed + 1
            entry = conversation.entries[seq]
            conversation.apply(seq, self.time())
            conversation.routed = seq
            if entry.kind == VOID or (entry.target and conversation.standing(seq) != seq):
                continue  # nobody needs to know, or what overtook it is told
            self.tell(conversation, history.told(conversation, seq))

    async def _number(self, conversation: Conversation) -> int:
        """Take a number; the writer may be slow then, or die, which makes it void after a while."""
        seq = conversation.number()
        if self.chance.random() < self.trouble:
            if self.chance.random() < 0.5:
                self._later(self._void(conversation, seq))
                raise Refused(500, "died")
            await asyncio.sleep(self.chance.expovariate(0.5))
        return seq

    async def _void(self, conversation: Conversation, seq: int) -> None:
        await asyncio.sleep(ABANDONED_S)
        conversation.entries[seq] = Entry(VOID)
        self.route(conversation)

    async def _applied_late(self, conversation: Conversation) -> None:
        await asyncio.sleep(self.chance.uniform(0, 10))
        self.route(conversation)

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.late.add(task)
        task.add_done_callback(self.late.discard)

    def _answer(self, conversation: Conversation, kind: str, target: int) -> Json:
        if kind == REACT:
            return history.reactions(conversation, target)
        return {name: value for name, value in history.view(conversation, target).items() if name != "status"}
