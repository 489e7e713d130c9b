"""Sending: one message is claimed, numbered, written and published, and survives a death between any two steps.

The steps and what a crash after each leaves (docs/decisions/0003 weighs the alternatives):

1. number taken (`Head.last_seq`): a hole; the router or the sweeper makes it void when a successor waits for it.
2. id claimed (`MessageId`): the same, and a repeated send with this id finds the claim and goes on from there.
3. message written (`Message`, with its outbox entry): durable; the sweeper publishes it if step 4 does not.
4. published to Kafka: done. The answer is 202 even when this step fails, because step 3 is a promise.
"""

import json
import zlib
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger
from pynamodb.exceptions import PutError, UpdateError

from chat4all import admission
from chat4all.clock import now_ms, rfc3339
from chat4all.config import Settings
from chat4all.domain.fingerprint import fingerprint
from chat4all.domain.message import METADATA_MAX_BYTES, checked_content
from chat4all.domain.roles import Role, may_send
from chat4all.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Unavailable
from chat4all.ids import new_id
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.message_events import message_accepted
from chat4all.rate_limits import RateLimiter
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message, MessageId
from chat4all.stores.table import condition_failed
from chat4all.unanswered import unavailable

logger = Logger(service="chat4all")

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Send:
    """Command: say something in a conversation."""

    sender_id: str
    conversation_id: str
    type: str
    content: Any
    message_id: str | None = None
    """The caller's own id makes the send idempotent; None: a new one is made."""
    channel: str = "in_app"
    """Where it comes from."""
    channels: tuple[str, ...] | None = None
    reply_to: str | None = None
    metadata: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The promise of a 202: the message is durable and will reach every recipient."""

    message_id: str
    conversation_id: str
    seq: int
    created_at: int

    @classmethod
    def of(cls, claim: MessageId) -> "Accepted":
        """What the first send of this id was promised."""
        return cls(claim.message_id, claim.conversation_id, int(claim.seq), int(claim.created_at))

    def document(self) -> dict[str, Any]:
        """The answer of POST /v1/messages and of the action `send`."""
        return {
            "status": "accepted",
            "message_id": self.message_id,
            "conversation_id": self.conversation_id,
            "seq": self.seq,
            "created_at": rfc3339(self.created_at),
        }


class Sending:
    """Accepts messages. Costs 5 write units for a text under 1 KB (limit, number, id, message, outbox entry), 2 read units."""

    def __init__(self, settings: Settings, publisher: Publisher, limiter: RateLimiter) -> None:
        self._settings = settings
        self._publisher = publisher
        self._limiter = limiter

    def send(self, command: Send, *, limited: bool = True) -> Accepted:
        """Accept `command` once, however often it is repeated with the same message_id.

        Raises:
            Invalid, RateLimited, NotFound (not a member), Forbidden (reader), Unavailable,
            Conflict: code `message_id_reused`: that id was used with other content.
        """
        content = checked_content(command.type, command.content)
        _check_metadata(command.metadata)
        print_of = _fingerprint(command, content)
        claim = _claim_of(command.message_id)
        if claim is not None:
            _check_same(claim, command, print_of)
            standing = _written(claim)
            if standing is not None:
                # What was promised stands, whatever has become of the sender since; and a repeat is no new message. It is
                # published again, as the first try may have died before that; the router drops what it knows.
                self._publish(standing)
                return Accepted.of(claim)
        if limited:
            key = f"send:{command.sender_id}"
            self._limiter.take(key, self._settings.sends_per_second, self._settings.send_burst)
        _check_may_send(command)
        if command.reply_to is not None:
            _check_reply(command)
        admission.commit()
        message_id = command.message_id or new_id()
        try:
            return self._write(command, message_id, content, print_of, claim)
        except Exception as error:
            not_answered = unavailable(error)
            if not_answered is None:
                raise
            # It may stand all the same: with this id a repeat finds it.
            not_answered.message_id = message_id
            raise not_answered from error

    def _write(self, command: Send, message_id: str, content: Any, print_of: str, claim: MessageId | None) -> Accepted:
        for _ in range(_ATTEMPTS):
            if claim is None:
                claim = _claim(command, message_id, print_of, take_number(command.conversation_id))
                _check_same(claim, command, print_of)
            message = self._message(command, content, claim)
            if self._put(message) or _written(claim) is not None:
                self._publish(message)
                return Accepted.of(claim)
            claim = _renumber(claim, take_number(command.conversation_id))
        raise Unavailable("The conversation is too busy; nothing was accepted. Try again.")

    def _message(self, command: Send, content: Any, claim: MessageId) -> Message:
        return Message(
            command.conversation_id,
            int(claim.seq),
            message_id=claim.message_id,
            sender_id=command.sender_id,
            channel=command.channel,
            type=command.type,
            content=content,
            channels=list(command.channels) if command.channels else None,
            reply_to=command.reply_to,
            metadata=command.metadata,
            created_at=int(claim.created_at),
            outbox_bucket=outbox_bucket(command.conversation_id, now_ms(), self._settings.outbox_shards),
        )

    @staticmethod
    def _put(message: Message) -> bool:
        """Write `message` at its number; False where something stands there already."""
        try:
            message.save(Message.conversation_id.does_not_exist())
        except PutError as error:
            if condition_failed(error):
                return False
            raise Unavailable("The message could not be stored. Try again with the same message_id.") from error
        return True

    def _publish(self, message: Message) -> None:
        try:
            self._publisher.publish([message_accepted(message)])
        except PublishFailed as error:
            # Durable all the same: the outbox sweeper publishes it.
            logger.warning("left to the outbox", message_id=message.message_id, cause=str(error))


def outbox_bucket(conversation_id: str, now: int, shards: int) -> str:
    """Partition of the outbox index: `<shard>#<minute since 1970>`."""
    return f"{zlib.crc32(conversation_id.encode()) % shards}#{now // 60_000}"


def _fingerprint(command: Send, content: Any) -> str:
    return fingerprint(
        conversation_id=command.conversation_id,
        type=command.type,
        content=content,
        channels=command.channels,
        reply_to=command.reply_to,
        metadata=command.metadata,
    )


def _claim_of(message_id: str | None) -> MessageId | None:
    if message_id is None:
        return None
    try:
        return MessageId.get(message_id, consistent_read=True)
    except MessageId.DoesNotExist:
        return None


def _check_same(claim: MessageId, command: Send, print_of: str) -> None:
    if claim.sender_id != command.sender_id or claim.fingerprint != print_of:
        raise Conflict("This message_id was used for another message", code="message_id_reused")


def _check_may_send(command: Send) -> None:
    try:
        member = Member.get(command.conversation_id, command.sender_id, consistent_read=True)
    except Member.DoesNotExist:
        raise NotFound("No such conversation") from None
    if not may_send(Role(member.role)):
        raise Forbidden("Readers cannot send in this conversation", code="reader")


def _check_reply(command: Send) -> None:
    claim = _claim_of(command.reply_to)
    if claim is None or claim.conversation_id != command.conversation_id:
        detail = "there is no such message in this conversation"
        raise Invalid(f"/reply_to: {detail}", errors=(FieldError("/reply_to", detail),))


def _check_metadata(metadata: dict[str, Any] | None) -> None:
    if metadata is None:
        return
    try:
        size = len(json.dumps(metadata, ensure_ascii=False, allow_nan=False).encode())
        detail = f"{size} bytes of JSON; at most {METADATA_MAX_BYTES}" if size > METADATA_MAX_BYTES else ""
    except (ValueError, RecursionError) as error:  # UnicodeEncodeError is a ValueError
        detail = f"cannot be stored: {error}"
    if detail:
        raise Invalid(f"/metadata: {detail}", errors=(FieldError("/metadata", detail),))


def take_number(conversation_id: str) -> int:
    """The next number of the conversation; raises NotFound, Unavailable."""
    head = Head(conversation_id)
    try:
        head.update(actions=[Head.last_seq.add(1)], condition=Head.conversation_id.exists())
    except UpdateError as error:
        if condition_failed(error):
            raise NotFound("No such conversation") from None
        raise Unavailable("The message could not be numbered. Try again with the same message_id.") from error
    return int(head.last_seq)


def _claim(command: Send, message_id: str, print_of: str, seq: int) -> MessageId:
    """Claim `message_id` for `seq`; where it is claimed already, that claim (and `seq` becomes a void)."""
    claim = MessageId(
        message_id,
        conversation_id=command.conversation_id,
        seq=seq,
        sender_id=command.sender_id,
        fingerprint=print_of,
        created_at=now_ms(),
    )
    try:
        claim.save(MessageId.message_id.does_not_exist())
    except PutError as error:
        if not condition_failed(error):
            raise Unavailable("The message could not be claimed. Try again with the same message_id.") from error
        void(command.conversation_id, seq)
        return MessageId.get(message_id, consistent_read=True)
    return claim


def _written(claim: MessageId) -> Message | None:
    """The message of `claim`, where it stands at its number."""
    try:
        standing = Message.get(claim.conversation_id, int(claim.seq), consistent_read=True)
    except Message.DoesNotExist:
        return None
    return standing if standing.message_id == claim.message_id else None


def _renumber(claim: MessageId, seq: int) -> MessageId:
    """Move a claim whose number was made void to a new one; the loser of a race takes the winner's."""
    try:
        claim.update(actions=[MessageId.seq.set(seq)], condition=MessageId.seq == claim.seq)
    except UpdateError as error:
        if not condition_failed(error):
            raise Unavailable("The message could not be claimed. Try again with the same message_id.") from error
        void(claim.conversation_id, seq)
        claim.refresh(consistent_read=True)
    return claim


def void(conversation_id: str, seq: int) -> bool:
    """Say that `seq` will never be a message; False where a message stands there after all."""
    try:
        Message(conversation_id, seq, type="void", created_at=now_ms()).save(Message.conversation_id.does_not_exist())
    except PutError as error:
        if condition_failed(error):
            return False
        raise
    return True
