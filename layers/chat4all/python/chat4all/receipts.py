"""Receipts: a member's watermarks. They only rise, and never go beyond what exists."""

from dataclasses import dataclass

from aws_lambda_powertools import Logger
from pynamodb.exceptions import UpdateError

from chat4all.client_events import receipt_updated
from chat4all.errors import FieldError, Invalid, NotFound
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.table import condition_failed

logger = Logger(service="chat4all")


@dataclass(frozen=True, slots=True)
class Watermarks:
    """How far a member has received and read."""

    conversation_id: str
    user_id: str
    delivered_seq: int
    read_seq: int


class Receipts:
    """Writes watermarks and tells the other members."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def record(self, user_id: str, conversation_id: str, delivered_seq: int | None, read_seq: int | None) -> Watermarks:
        """Raise the caller's watermarks; what is read is delivered too. Lower numbers change nothing.

        Raises:
            NotFound: not a member.
            Invalid: beyond the last message, or neither number given.
        """
        if delivered_seq is None and read_seq is None:
            raise Invalid("delivered_seq or read_seq is needed", errors=(FieldError("/", "is empty"),))
        try:
            member = Member.get(conversation_id, user_id, consistent_read=True)
        except Member.DoesNotExist:
            raise NotFound("No such conversation") from None
        _check_exists(conversation_id, {"delivered_seq": delivered_seq, "read_seq": read_seq})
        read = max(read_seq or 0, int(member.read_seq))
        delivered = max(delivered_seq or 0, read, int(member.delivered_seq))
        if (delivered, read) != (int(member.delivered_seq), int(member.read_seq)):
            _raise_watermark(member, "delivered_seq", delivered)
            if read > int(member.read_seq):
                _raise_watermark(member, "read_seq", read)
            self._tell(member)
        return Watermarks(conversation_id, user_id, int(member.delivered_seq), int(member.read_seq))

    def _tell(self, member: Member) -> None:
        audience = [other.user_id for other in Member.query(member.conversation_id) if other.in_app]
        data = {
            "user_id": member.user_id,
            "delivered_seq": int(member.delivered_seq),
            "read_seq": int(member.read_seq),
        }
        try:
            self._publisher.publish([receipt_updated(member.conversation_id, audience, data)])
        except PublishFailed as error:
            # The watermark is stored; the next one says it all again.
            logger.warning("receipt not told", conversation_id=member.conversation_id, cause=str(error))


def _check_exists(conversation_id: str, seqs: dict[str, int | None]) -> None:
    try:
        last = int(Head.get(conversation_id, consistent_read=True).last_seq)
    except Head.DoesNotExist:  # deleted a moment ago
        raise NotFound("No such conversation") from None
    errors = tuple(
        FieldError(f"/{name}", f"is beyond the last message ({last})")
        for name, seq in seqs.items()
        if seq is not None and seq > last
    )
    if errors:
        raise Invalid(f"{errors[0].pointer}: {errors[0].detail}", errors=errors)


def _raise_watermark(member: Member, name: str, seq: int) -> None:
    attribute = getattr(Member, name)
    try:
        member.update([attribute.set(seq)], condition=attribute < seq)
    except UpdateError as error:
        if not condition_failed(error):
            raise
        member.refresh(consistent_read=True)  # Another device of the same user was further.
