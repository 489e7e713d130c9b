"""By which providers a user signs in: at most one person of each, and each person is one user's."""

from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import JSONAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chat4all.clock import now_ms, rfc3339
from chat4all.domain.sign_in_provider import Person, Provider
from chat4all.errors import Conflict, Forbidden, NotFound, Unavailable
from chat4all.provider_sign_in.attempts import Attempts
from chat4all.sessions import existing_user
from chat4all.stores.table import condition_failed
from chat4all.stores.users import UniqueName, User


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a user's item has the person of a provider."""

    name: str
    attribute: JSONAttribute

    def on(self, user: User) -> dict[str, Any] | None:
        """{key, label, linked_at}."""
        found: dict[str, Any] | None = getattr(user, self.name)
        return found

    def set_on(self, user: User, person: Person, now: int) -> None:
        """In memory; it is not stored."""
        setattr(user, self.name, _stored(person, now))


_ENTRIES = {
    Provider.GOOGLE: Entry("google_sign_in", User.google_sign_in),
    Provider.GITHUB: Entry("github_sign_in", User.github_sign_in),
}


def entry_of(provider: Provider) -> Entry:
    """By its provider."""
    return _ENTRIES[provider]


def linked_user(key: str) -> User | None:
    """Whose the person with this key is."""
    try:
        user = User.get(UniqueName.get(key, consistent_read=True).user_id, consistent_read=True)
    except (UniqueName.DoesNotExist, User.DoesNotExist):
        return None
    return user if user.deleted_at is None else None


def sign_ins_of(user: User) -> list[dict[str, Any]]:
    """[{provider, label, linked_at}]."""
    return [_view(provider, found) for provider, entry in _ENTRIES.items() if (found := entry.on(user))]


class SignInLinks:
    """What users do with their own."""

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    def list(self, user_id: str) -> dict[str, Any]:
        """{items: [{provider, label, linked_at}], has_password}; raises Unauthenticated where the account is gone."""
        user = existing_user(user_id)
        return {"items": sign_ins_of(user), "has_password": user.password_hash is not None}

    def link(self, user_id: str, provider: Provider, code: str, verifier: str, *, is_new: bool) -> dict[str, Any]:
        """Link the person of a one-time code; the same person again changes nothing.

        `is_new`: whether the user has just signed in. Whoever got hold of an older session would have the account for good,
        also after a new password.

        Raises:
            Forbidden: code `invalid_sign_in_code`, `sign_in_needed`. Unauthenticated: the account is gone.
            Conflict: code `sign_in_taken`: it is another user's; `already_linked`: the user has another person of this provider.
            Unavailable.
        """
        person = self._attempts.person_of(provider, code, verifier)
        user, entry = existing_user(user_id), _ENTRIES[provider]
        found = entry.on(user)
        if found is not None and found["key"] == person.key:
            return _view(provider, found)
        if not is_new:
            raise Forbidden("A provider is linked just after signing in; sign in again", code="sign_in_needed")
        now = now_ms()
        try:
            with TransactWrite(connection=User.client()) as transaction:
                claim = UniqueName(person.key, user_id=user_id)
                transaction.save(claim, condition=UniqueName.name.does_not_exist())
                actions: list[Action] = [entry.attribute.set(_stored(person, now)), User.updated_at.set(now)]
                transaction.update(user, actions, condition=_is_there() & entry.attribute.does_not_exist())
        except TransactWriteError as error:
            raise _not_linked(error) from error
        return _view(provider, _stored(person, now))

    def unlink(self, user_id: str, provider: Provider) -> None:
        """Let go of a provider.

        Raises:
            NotFound: code `not_linked`. Conflict: code `last_sign_in`. Unauthenticated, Unavailable.
        """
        user, entry = existing_user(user_id), _ENTRIES[provider]
        found = entry.on(user)
        if found is None:
            raise NotFound(f"Nothing of {provider.brand} is linked", code="not_linked")
        another = User.password_hash.exists()
        for other in _ENTRIES.values():
            if other is not entry:
                another |= other.attribute.exists()
        try:
            with TransactWrite(connection=User.client()) as transaction:
                transaction.delete(UniqueName(found["key"]), condition=UniqueName.user_id == user_id)
                actions: list[Action] = [entry.attribute.remove(), User.updated_at.set(now_ms())]
                transaction.update(user, actions, condition=_is_there() & another)
        except TransactWriteError as error:
            raise _not_unlinked(error) from error


def _is_there() -> Condition:
    there: Condition = User.id.exists() & User.deleted_at.does_not_exist()
    return there


def _stored(person: Person, now: int) -> dict[str, Any]:
    return {"key": person.key, "label": person.label, "linked_at": now}


def _view(provider: Provider, found: dict[str, Any]) -> dict[str, Any]:
    return {"provider": str(provider), "label": found["label"], "linked_at": rfc3339(int(found["linked_at"]))}


def _not_linked(error: TransactWriteError) -> Conflict | Unavailable:
    """Reasons stand in the order of the actions: the claim, the user."""
    claim, user = _failed(error)
    if claim:
        return Conflict("Another account signs in by it", code="sign_in_taken")
    if user:
        return Conflict("The account has another one of this provider; unlink that first", code="already_linked")
    return Unavailable("It could not be linked; nothing was done. Begin again")


def _not_unlinked(error: TransactWriteError) -> Conflict | Unavailable:
    claim, user = _failed(error)
    if claim:
        return Conflict("Somebody else changed this account meanwhile; look again")
    if user:
        return Conflict("It is the last way to sign in: set a password, or link another, first", code="last_sign_in")
    return Unavailable("It could not be unlinked; nothing was done. Try again")


def _failed(error: TransactWriteError) -> tuple[bool, bool]:
    if not condition_failed(error):
        return False, False
    claim, user = (
        reason is not None and reason.code == "ConditionalCheckFailed" for reason in error.cancellation_reasons[:2]
    )
    return claim, user
