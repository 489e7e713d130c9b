"""Whether two users are in a conversation with one another: what strangers are not shown hangs on it."""

from collections.abc import Iterable, Iterator

from chat4all.stores.members import Member


def meet(user_id: str, other_id: str) -> bool:
    """Whether the two share a conversation.

    The index names those that both may be in (half a read unit for each 40 of either); it is late at times, so both memberships
    are read, one conversation after the other and the newest first, until there is one in which both are (2 units each).
    """
    return met(user_id, [other_id]) == {other_id}


def met(user_id: str, other_ids: Iterable[str]) -> set[str]:
    """Those of `other_ids` with whom the user shares a conversation; `meet` says what it costs for each."""
    others = set(other_ids)
    mine = set(_conversations_of(user_id)) if others else set()
    return {other for other in others if mine and _share_one(user_id, other, mine)}


def _share_one(user_id: str, other_id: str, mine: set[str]) -> bool:
    for conversation_id in sorted(mine.intersection(_conversations_of(other_id)), reverse=True):
        keys = {(conversation_id, user_id), (conversation_id, other_id)}
        if len(list(Member.batch_get(keys, consistent_read=True))) == len(keys):
            return True
    return False


def _conversations_of(user_id: str) -> Iterator[str]:
    return (entry.conversation_id for entry in Member.by_user.query(user_id))
