"""Applying a change to its message, once, whoever does it: the function that wrote it, or the router for one that died."""

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chat4all.domain.changes import DELETE, FILE_SETTLED, is_pending
from chat4all.errors import Unavailable
from chat4all.stores.messages import Message
from chat4all.stores.table import condition_failed


def revision_of(message: Message) -> int:
    """The number of the change that made its present state; 0: as it was sent."""
    return int(message.revision or 0)


def apply(entry: Message) -> Message | None:
    """Change the message; what it is then, or None where another change was made from the same revision before.

    Raises:
        Unavailable: it is not known whether it was applied; the router will see to it.
    """
    message = Message(entry.conversation_id, int(entry.changes_seq))
    base = int(entry.base)
    standing = Message.revision == base if base else Message.revision.does_not_exist()
    try:
        message.update(_actions(entry), condition=Message.message_id.exists() & standing)
    except UpdateError as error:
        if not condition_failed(error):
            raise Unavailable("The change could not be applied yet. Look whether it was, or try again.") from error
        found = find(entry.conversation_id, int(entry.changes_seq))
        return found if found is not None and revision_of(found) == int(entry.seq) else None
    return message


def settle(conversation_id: str, seq: int, changes_seq: int, base: int) -> Message | None:
    """See to it that the change at `seq` is decided; the message in the state that this change made, None: it was overtaken."""
    message = find(conversation_id, changes_seq)
    if message is None:
        return None
    if is_pending(base, revision_of(message)):
        entry = find(conversation_id, seq)
        message = apply(entry) if entry is not None else None
    if message is None or revision_of(message) != seq:
        return None
    if message.deleted_at is not None:
        erase_earlier(conversation_id, base)
    return message


def erase_earlier(conversation_id: str, revision: int) -> None:
    """Erase what earlier edits of a deleted message said, from `revision` back: each names the one before as its base.

    The oldest first: where the newest is erased, all are, also when somebody died in between.
    """
    chain: list[Message] = []
    while revision and (entry := find(conversation_id, revision)) is not None and entry.content is not None:
        chain.append(entry)
        revision = int(entry.base)
    for entry in reversed(chain):
        forget(entry)


def forget(entry: Message) -> None:
    """Erase the content of a change that nobody will need."""
    if entry.content is not None:
        entry.update([Message.content.remove()], condition=Message.type.exists())


def find(conversation_id: str, seq: int) -> Message | None:
    """What stands at `seq`."""
    try:
        return Message.get(conversation_id, seq, consistent_read=True)
    except Message.DoesNotExist:
        return None


def _actions(entry: Message) -> list[Action]:
    if entry.type == DELETE:
        return [
            Message.revision.set(int(entry.seq)),
            Message.deleted_at.set(int(entry.created_at)),
            Message.content.remove(),
            Message.file.remove(),
            Message.metadata.remove(),
        ]
    if entry.type == FILE_SETTLED:
        return [Message.revision.set(int(entry.seq)), Message.file.set(entry.content)]
    return [
        Message.revision.set(int(entry.seq)),
        Message.edited_at.set(int(entry.created_at)),
        Message.content.set(entry.content),
    ]
