"""Applying a change to its message, once, whoever does it: the function that wrote it, or the router for one that died."""

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chat4all.domain.changes import DELETE, FILE_SETTLED, REACT, is_pending
from chat4all.domain.reactions import UserReactions
from chat4all.errors import Unavailable
from chat4all.stores.messages import Message
from chat4all.stores.table import condition_failed

_DELETED = -1


def revision_of(message: Message) -> int:
    """The number of the change that made its present state; 0: as it was sent."""
    return int(message.revision or 0)


def standing_of(message: Message, kind: str, user_id: str) -> int:
    """The number of the last change of this kind, as `base` and `is_pending` mean it: of a reaction its user's own."""
    if kind != REACT:
        return revision_of(message)
    if message.deleted_at is not None:
        return _DELETED
    return message.reactions_of_users().get(user_id, UserReactions()).seq


def apply(entry: Message, seen: Message | None = None) -> Message | None:
    """Change the message; what it is then, or None where another change was made from the same state before.

    Args:
        seen: the message as the caller saw it; of a reaction it says which of two updates is tried first.

    Raises:
        Unavailable: it is not known whether it was applied; the router will see to it.
    """
    message = Message(entry.conversation_id, int(entry.changes_seq))
    if entry.type == REACT:
        ways = _ways_of_reactions(entry, has_reactions=seen is None or seen.reactions is not None)
    else:
        ways = [_way_of_edits(entry)]
    for actions, standing in ways:
        try:
            message.update(actions, condition=Message.message_id.exists() & standing)
        except UpdateError as error:
            if not condition_failed(error):
                raise Unavailable("The change could not be applied yet. Look whether it was, or try again.") from error
        else:
            return message
    found = find(entry.conversation_id, int(entry.changes_seq))
    if found is None or standing_of(found, str(entry.type), str(entry.sender_id)) != int(entry.seq):
        return None
    return found


def settle(conversation_id: str, seq: int, changes_seq: int, base: int, kind: str, user_id: str) -> Message | None:
    """See to it that the change at `seq` is decided; the message in the state that this change made, None: it was overtaken."""
    message = find(conversation_id, changes_seq)
    if message is None:
        return None
    if is_pending(base, standing_of(message, kind, user_id)):
        entry = find(conversation_id, seq)
        message = apply(entry, message) if entry is not None else None
    if message is None or standing_of(message, kind, user_id) != seq:
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


def _way_of_edits(entry: Message) -> tuple[list[Action], Condition]:
    base = int(entry.base)
    standing = Message.revision == base if base else Message.revision.does_not_exist()
    actions: list[Action] = [Message.revision.set(int(entry.seq))]
    if entry.type == DELETE:
        actions += [
            Message.deleted_at.set(int(entry.created_at)),
            Message.content.remove(),
            Message.file.remove(),
            Message.more_files.remove(),
            Message.metadata.remove(),
            Message.reactions.remove(),
        ]
    elif entry.type == FILE_SETTLED:
        # Of several files the entry has all, as they stood at its base; and its condition is that they still do.
        first, *more = entry.content if isinstance(entry.content, list) else [entry.content]
        actions += [Message.file.set(first), *([Message.more_files.set(more)] if more else [])]
    else:
        actions += [Message.edited_at.set(int(entry.created_at)), Message.content.set(entry.content)]
    return actions, standing


def _ways_of_reactions(entry: Message, *, has_reactions: bool) -> list[tuple[list[Action], Condition]]:
    """A user's place in the map can be written only where there is a map, so the first reaction of all makes it."""
    user_id, base = str(entry.sender_id), int(entry.base)
    now = {"seq": int(entry.seq), "emojis": list(entry.content or ())}
    own = Message.reactions[user_id]
    place = own["seq"] == base if base else own.does_not_exist()
    there = Message.deleted_at.does_not_exist()
    version = Message.reactions_version.add(1)
    ways = [([own.set(now), version], there & Message.reactions.exists() & place)]
    if not base:
        first = ([Message.reactions.set({user_id: now}), version], there & Message.reactions.does_not_exist())
        ways.insert(len(ways) if has_reactions else 0, first)
    return ways
