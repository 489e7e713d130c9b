"""Claims of message ids: who used an id first, where, and what stands there.

Callers choose ids, so a caller may choose one that a stranger has used, by accident or to find out whether it exists. They must
learn nothing: an id that was claimed in a conversation that the caller is no member of is free to them, and their claim is kept
under `<message_id>#<sender_id>` beside the stranger's. By its id, such a message is found by its sender only.
"""

from dataclasses import dataclass

from pynamodb.exceptions import PutError

from chat4all.clock import now_ms
from chat4all.entries import void
from chat4all.errors import NotFound, Unavailable
from chat4all.stores.members import Member
from chat4all.stores.messages import Message, MessageId
from chat4all.stores.table import condition_failed


@dataclass(frozen=True, slots=True)
class Found:
    """A message, and the membership of who asked for it."""

    message: Message
    member: Member


def claim_of(message_id: str, sender_id: str, *, consistent: bool = True) -> MessageId | None:
    """The claim of `message_id` as far as it concerns `sender_id`; None where the id is free to them.

    Not `consistent` is half a read unit: a first look, where a claim on condition follows that finds what this one misses.
    """
    claim = _claim(message_id, consistent=consistent)
    if claim is None or claim.sender_id == sender_id or _member(claim.conversation_id, sender_id) is not None:
        return claim
    return _claim(_beside(message_id, sender_id))


def claim(wanted: MessageId) -> MessageId:
    """Write `wanted`; where the id is claimed already, that claim (and the number of `wanted` becomes a void).

    Raises:
        Unavailable: it is not known whether it was written.
    """
    message_id, sender_id = str(wanted.message_id), str(wanted.sender_id)
    if _put(wanted):
        return wanted
    standing = claim_of(message_id, sender_id)
    if standing is None:
        wanted.message_id = _beside(message_id, sender_id)
        if _put(wanted):
            return wanted
        standing = MessageId.get(wanted.message_id, consistent_read=True)
    if (standing.conversation_id, standing.seq) != (wanted.conversation_id, wanted.seq):
        void(wanted.conversation_id, int(wanted.seq))  # else it is our own, of a try that DynamoDB did not answer
    return standing


def answerable(message_id: str, sender_id: str, conversation_id: str) -> bool:
    """Whether a message of this id, as `sender_id` knows ids, is written in the conversation, which they are a member of.

    A claim alone is not enough: what was not written may come after its answer, or never.
    """
    claims = _claims(message_id, sender_id)
    return any(c is not None and c.conversation_id == conversation_id and written(c) is not None for c in claims)


def claimed_id(claim: MessageId) -> str:
    """The message id that was claimed."""
    return str(claim.message_id).partition("#")[0]


def find(user_id: str, message_id: str) -> Found:
    """The message of this id that `user_id` may see, as a member of its conversation.

    Raises:
        NotFound: there is none. A message that does not exist and one of others cost the same calls.
    """
    for claim in _claims(message_id, user_id):
        # Nobody's conversation where there is no claim: asked all the same.
        member = _member(claim.conversation_id if claim is not None else message_id, user_id)
        message = written(claim) if claim is not None and member is not None else None
        if message is not None and member is not None:
            return Found(message, member)
    raise NotFound("No such message")


def written(claim: MessageId) -> Message | None:
    """The message of `claim`, where it stands at its number."""
    try:
        standing = Message.get(claim.conversation_id, int(claim.seq), consistent_read=True)
    except Message.DoesNotExist:
        return None
    return standing if standing.message_id == claimed_id(claim) else None


def new_claim(message_id: str, conversation_id: str, sender_id: str, seq: int, fingerprint: str) -> MessageId:
    """A claim that is not written yet."""
    return MessageId(
        message_id,
        conversation_id=conversation_id,
        seq=seq,
        sender_id=sender_id,
        fingerprint=fingerprint,
        created_at=now_ms(),
    )


def _beside(message_id: str, sender_id: str) -> str:
    return f"{message_id}#{sender_id}"


def _claims(message_id: str, user_id: str) -> list[MessageId | None]:
    """The claim of the id and the one of `user_id` beside it: one call, whatever there is."""
    keys = [message_id, _beside(message_id, user_id)]
    found = {str(c.message_id): c for c in MessageId.batch_get(keys, consistent_read=True)}
    return [found.get(key) for key in keys]


def _claim(key: str, *, consistent: bool = True) -> MessageId | None:
    try:
        return MessageId.get(key, consistent_read=consistent)
    except MessageId.DoesNotExist:
        return None


def _member(conversation_id: str, user_id: str) -> Member | None:
    try:
        return Member.get(conversation_id, user_id, consistent_read=True)
    except Member.DoesNotExist:
        return None


def _put(claim: MessageId) -> bool:
    try:
        claim.save(MessageId.message_id.does_not_exist())
    except PutError as error:
        if condition_failed(error):
            return False
        raise Unavailable("The message could not be claimed. Try again with the same message_id.") from error
    return True
