"""Receipts: a member's watermarks. They only rise, and never go beyond what exists."""

from dataclasses import asdict, dataclass
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chat4all.client_events import receipt_updated
from chat4all.environment_limits import EnvironmentLimit
from chat4all.errors import FieldError, Invalid, NotFound, Unavailable
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.logs import logger
from chat4all.memberships import member_of
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.table import condition_failed

_ATTEMPTS = 10
RATE, BURST = 5.0, 50
"""Of one user in one conversation, in each environment: a client needs 2 a second (docs/decisions/0038)."""


@dataclass(frozen=True, slots=True)
class Watermarks:
    """How far a member has received and read."""

    conversation_id: str
    user_id: str
    delivered_seq: int
    read_seq: int

    def document(self) -> dict[str, Any]:
        """The answer of POST …/receipts and of the action `receipt`."""
        return asdict(self)


class Receipts:
    """Writes watermarks and tells the other members."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._limit = EnvironmentLimit("receipts", RATE, BURST)

    def record(self, user_id: str, conversation_id: str, delivered_seq: int | None, read_seq: int | None) -> Watermarks:
        """Raise the caller's watermarks; what is read is delivered too. Lower numbers change nothing.

        Raises:
            NotFound: not a member.
            Invalid: beyond the last message, or neither number given.
            Unavailable: too many devices at once; nothing was written. RateLimited.
        """
        if delivered_seq is None and read_seq is None:
            raise Invalid("delivered_seq or read_seq is needed", errors=(FieldError("", "is empty"),))
        self._limit.take(f"{user_id} {conversation_id}")
        member = member_of(conversation_id, user_id)
        if (delivered_seq or 0) > int(member.delivered_seq) or (read_seq or 0) > int(member.read_seq):
            _check_exists(conversation_id, {"delivered_seq": delivered_seq, "read_seq": read_seq})
        if _raised(member, delivered_seq or 0, read_seq or 0):
            self._tell(member)
        return Watermarks(conversation_id, user_id, int(member.delivered_seq), int(member.read_seq))

    def _tell(self, member: Member) -> None:
        audience = [other.user_id for other in Member.query(member.conversation_id) if other.in_app]
        data = {
            "user_id": member.user_id,
            "delivered_seq": int(member.delivered_seq),
            "read_seq": int(member.read_seq),
            "version": int(member.receipts_version),
        }
        try:
            self._publisher.publish([receipt_updated(member.conversation_id, audience, data)])
        except PublishFailed as error:
            # The watermark is stored; the next one says it all again.
            logger.warning("receipt not told", conversation_id=member.conversation_id, cause=str(error))


def _raised(member: Member, delivered_seq: int, read_seq: int) -> bool:
    """Raise both watermarks in one write, on what is stored now; False where nothing rises.

    Each write has a version of its own and neither watermark below that of the version before: two devices at once are told
    of in either order, and a client keeps the higher version.
    """
    for _ in range(_ATTEMPTS):
        before = (int(member.delivered_seq), int(member.read_seq))
        read = max(read_seq, before[1])
        delivered = max(delivered_seq, read, before[0])
        if (delivered, read) == before:
            return False
        actions: list[Action] = [
            Member.delivered_seq.set(delivered),
            Member.read_seq.set(read),
            Member.receipts_version.add(1),
        ]
        unchanged = (Member.delivered_seq == before[0]) & (Member.read_seq == before[1])
        try:
            member.update(actions, condition=unchanged)
        except UpdateError as error:
            if not condition_failed(error):
                raise
            # Another device of the same user was faster, or the user has been removed (NotFound).
            fresh = member_of(member.conversation_id, member.user_id)
            member.delivered_seq, member.read_seq = fresh.delivered_seq, fresh.read_seq
        else:
            return True
    raise Unavailable("Other devices are sending receipts too; nothing was written. Try again.")


def _check_exists(conversation_id: str, seqs: dict[str, int | None]) -> None:
    """A number that is taken is not a message yet: what is not routed must at least be written."""
    try:
        head = Head.get(conversation_id, consistent_read=True)
    except Head.DoesNotExist:  # deleted a moment ago
        raise NotFound("No such conversation") from None
    errors = tuple(
        FieldError(f"/{name}", f"is beyond the last message ({int(head.routed_through)})")
        for name, seq in seqs.items()
        if seq is not None and seq > int(head.routed_through) and not _is_written(head, seq)
    )
    if errors:
        raise Invalid(f"{errors[0].pointer}: {errors[0].detail}", errors=errors)


def _is_written(head: Head, seq: int) -> bool:
    if seq > int(head.last_seq):
        return False
    try:
        Message.get(head.conversation_id, seq, consistent_read=True, attributes_to_get=["seq"])
    except Message.DoesNotExist:
        return False
    return True
