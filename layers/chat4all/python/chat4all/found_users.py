"""Users as others see them: by their ids, and by name for who wants to write to somebody."""

from collections.abc import Collection
from typing import Any

from chat4all.clock import rfc3339
from chat4all.domain.presence import EVERYBODY_THERE
from chat4all.domain.user import UserQuery
from chat4all.errors import FieldError, Invalid, Unauthenticated
from chat4all.rate_limits import RateLimiter
from chat4all.shared_conversations import met
from chat4all.stores.users import UniqueName, User, username_key

RATE, BURST = 0.5, 30
"""Names that one user may ask for: enough to write them by hand, too few to find out who is here."""


class FoundUsers:
    """Looks users up."""

    def __init__(self, limiter: RateLimiter) -> None:
        self._limiter = limiter

    def find(self, query: UserQuery, caller_id: str) -> list[dict[str, Any]]:
        """By name (in any case of its letters) the user of that name, or none; by ids those whom the caller may see.

        Raises:
            Invalid: both, or neither. RateLimited: of names. Unauthenticated: the caller's account is gone.
        """
        if (query.username is None) == (query.ids is None):
            detail = "give username or ids, one of them"
            raise Invalid(detail, errors=(FieldError("?username", detail), FieldError("?ids", detail)))
        if query.ids is not None:
            found = shown(query.ids, caller_id)
            return [found[user_id] for user_id in dict.fromkeys(query.ids) if user_id in found]
        self._limiter.take(f"find:{caller_id}", RATE, BURST)
        ids = _named(str(query.username))
        return [user for user in shown(ids, caller_id).values() if "deleted_at" not in user]


def _named(username: str) -> list[str]:
    try:
        return [str(UniqueName.get(username_key(username), consistent_read=True).user_id)]
    except UniqueName.DoesNotExist:
        return []


def shown(user_ids: Collection[str], caller_id: str) -> dict[str, dict[str, Any]]:
    """By id, what the caller sees of each; of a user who was deleted only id and deleted_at. A guest is shown to who is in a
    conversation with them, and to nobody else: they have not registered, but written to a business.

    Raises:
        Unauthenticated: the caller's account is gone.
    """
    found = {user.id: user for user in User.batch_get({*user_ids, caller_id}, consistent_read=True)}
    if caller_id not in found or found[caller_id].deleted_at is not None:
        raise Unauthenticated("The account of this token is gone", code="account_deleted")
    guests = {user.linked_to or user.id for user in found.values() if user.kind == "guest" and user.id in user_ids}
    known = met(caller_id, guests)
    return {
        user.id: public_view(user)
        for user in found.values()
        if user.id in user_ids and (user.kind != "guest" or (user.linked_to or user.id) in known)
    }


def public_view(user: User) -> dict[str, Any]:
    """A user as others see it."""
    if user.deleted_at is not None:
        return {"id": user.id, "deleted_at": rfc3339(int(user.deleted_at))}
    return {
        "id": user.id,
        "kind": user.kind,
        "username": user.username,
        "display_name": user.display_name,
        "created_at": rfc3339(int(user.created_at)),
    } | ({"linked_to": user.linked_to} if user.linked_to else {})


def own_view(user: User) -> dict[str, Any]:
    """A user as the user sees it: the public object, the email, and who sees their presence."""
    visibility = user.presence_visibility or EVERYBODY_THERE
    return public_view(user) | {"email": user.email, "presence_visibility": visibility}
