"""Sending: one message is numbered, claimed, written and published, and survives a death between any two steps.

Between the number and the entry of every entry of the sequence (chat4all.entries) stands the claim of the message_id
(`MessageId`). A death after it leaves a hole too, and a repeated send with this id finds the claim and goes on from there.
"""

import json
import time
from dataclasses import dataclass
from typing import Any

from pynamodb.exceptions import UpdateError

from chat4all import admission, file_access, message_claims
from chat4all.clock import rfc3339
from chat4all.config import Settings
from chat4all.domain.fingerprint import fingerprint
from chat4all.domain.message import METADATA_MAX_BYTES, checked_content
from chat4all.domain.roles import Role, may_send
from chat4all.entries import is_routed, publish, take_number, void, write
from chat4all.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from chat4all.ids import new_id
from chat4all.kafka.publisher import Publisher
from chat4all.logs import know
from chat4all.metrics.emission import count, observe
from chat4all.metrics.metric_list import MESSAGE_LATENCY, MESSAGES_SENT
from chat4all.rate_limits import RateLimiter
from chat4all.stores.members import Member
from chat4all.stores.messages import Message, MessageId
from chat4all.stores.table import condition_failed
from chat4all.unanswered import unavailable

_ATTEMPTS = 5
IN_APP = "in_app"


@dataclass(frozen=True, slots=True)
class Send:
    """Command: say something in a conversation."""

    sender_id: str
    conversation_id: str
    type: str
    content: Any
    message_id: str | None = None
    """The caller's own id makes the send idempotent; None: a new one is made."""
    channel: str = IN_APP
    """Where it comes from."""
    channels: tuple[str, ...] | None = None
    reply_to: str | None = None
    metadata: dict[str, Any] | None = None
    file_ids: tuple[str, ...] = ()
    """Of type file: what the sender may read, without repetition; from a channel it may still be on its way to us."""


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
        return cls(message_claims.claimed_id(claim), claim.conversation_id, int(claim.seq), int(claim.created_at))

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
    """Accepts messages. Costs 5 write units for a text under 1 KB (limit, number, id, message, outbox entry), 2 read units.

    Each file costs a write unit (its use) and a read unit more.
    """

    def __init__(self, settings: Settings, publisher: Publisher, limiter: RateLimiter) -> None:
        self._settings = settings
        self._publisher = publisher
        self._limiter = limiter

    def send(self, command: Send, *, limited: bool = True) -> Accepted:
        """Accept `command` once, however often it is repeated with the same message_id.

        Raises:
            Invalid, RateLimited, NotFound (not a member; a file that the sender may not read), Forbidden (reader), Unavailable,
            Conflict: `message_id_reused`: that id was used with other content; `file_pending`, `file_failed`, saying which.
        """
        began = time.perf_counter()
        content = checked_content(command.type, command.content)
        _check_metadata(command.metadata)
        print_of = _fingerprint(command, content)
        claim = None
        if command.message_id is not None:
            claim = message_claims.claim_of(command.message_id, command.sender_id, consistent=False)
        if claim is not None:
            _check_same(claim, command, print_of)
            standing = message_claims.written(claim)
            if standing is not None:
                # What was promised stands, whatever has become of the sender since; and a repeat is no new message, and so not
                # limited. It is published again where the first try may have died before that, and no more: else whoever
                # repeats without end fills Kafka.
                if not is_routed(standing):
                    publish(self._publisher, standing)
                return Accepted.of(claim)
        if limited:
            key = f"send:{command.sender_id}"
            self._limiter.take(key, self._settings.sends_per_second, self._settings.send_burst)
        _check_may_send(command)
        _check_reply(command)
        files = _file_facts(command)
        admission.commit()
        message_id = command.message_id or new_id()
        know(message_id=message_id, conversation_id=command.conversation_id)
        try:
            accepted = self._write(command, message_id, content, files, print_of, claim)
        except Exception as error:
            not_answered = unavailable(error)
            if not_answered is None:
                raise
            # It may stand all the same: with this id a repeat finds it.
            not_answered.message_id = message_id
            raise not_answered from error
        count(MESSAGES_SENT, command.channel, command.type)
        observe(MESSAGE_LATENCY, time.perf_counter() - began, "accepted")
        return accepted

    def _write(
        self,
        command: Send,
        message_id: str,
        content: Any,
        files: list[dict[str, Any]],
        print_of: str,
        claim: MessageId | None,
    ) -> Accepted:
        for _ in range(_ATTEMPTS):
            if claim is None:
                claim = _claim(command, message_id, print_of, take_number(command.conversation_id))
                _check_same(claim, command, print_of)
            if files:
                file_access.note_uses(command.file_ids, command.conversation_id, int(claim.seq))
            message = self._message(command, content, files, claim)
            if write(message, self._settings.outbox_shards) or message_claims.written(claim) is not None:
                publish(self._publisher, message)
                return Accepted.of(claim)
            claim = _renumber(claim, take_number(command.conversation_id))
        raise Unavailable("The conversation is too busy; nothing was accepted. Try again.")

    def _message(self, command: Send, content: Any, files: list[dict[str, Any]], claim: MessageId) -> Message:
        return Message(
            command.conversation_id,
            int(claim.seq),
            message_id=message_claims.claimed_id(claim),
            sender_id=command.sender_id,
            channel=command.channel,
            type=command.type,
            content=content,
            file=files[0] if files else None,
            more_files=files[1:] or None,
            channels=list(command.channels) if command.channels else None,
            reply_to=command.reply_to,
            metadata=command.metadata,
            created_at=int(claim.created_at),
        )


def _fingerprint(command: Send, content: Any) -> str:
    # Without a file, and with one, as it always was: claims of older messages stay valid.
    ids = command.file_ids
    files: dict[str, Any] = {"file_ids": ids} if len(ids) > 1 else {"file_id": ids[0]} if ids else {}
    return fingerprint(
        conversation_id=command.conversation_id,
        type=command.type,
        content=content,
        channels=command.channels,
        reply_to=command.reply_to,
        metadata=command.metadata,
        **files,
    )


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
    """What is answered must be written, or its answer could come first; that it was deleted since is no hindrance."""
    if command.reply_to is None:
        return
    if not message_claims.answerable(command.reply_to, command.sender_id, command.conversation_id):
        raise Invalid.at("/reply_to", "there is no such message in this conversation")


def _file_facts(command: Send) -> list[dict[str, Any]]:
    files = file_access.all_readable(command.sender_id, command.file_ids) if command.file_ids else []
    if command.channel == IN_APP:
        file_access.check_all_completed(files)
    return [file_access.facts(file) for file in files]


def _check_metadata(metadata: dict[str, Any] | None) -> None:
    if metadata is None:
        return
    try:
        size = len(json.dumps(metadata, ensure_ascii=False, allow_nan=False).encode())
        detail = f"{size} bytes of JSON; at most {METADATA_MAX_BYTES}" if size > METADATA_MAX_BYTES else ""
    except (ValueError, RecursionError) as error:  # UnicodeEncodeError is a ValueError
        detail = f"cannot be stored: {error}"
    if detail:
        raise Invalid.at("/metadata", detail)


def _claim(command: Send, message_id: str, print_of: str, seq: int) -> MessageId:
    """Claim `message_id` for `seq`; where it is claimed already, that claim (and `seq` becomes a void)."""
    wanted = message_claims.new_claim(message_id, command.conversation_id, command.sender_id, seq, print_of)
    return message_claims.claim(wanted)


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
