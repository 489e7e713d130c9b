"""Whose account a provider's person has: the one that is linked, else a new one; never one that only has the same email."""

import secrets
import string
from dataclasses import dataclass

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chat4all.clock import now_ms
from chat4all.domain.generated_username import usernames
from chat4all.domain.sign_in_provider import Person, Provider
from chat4all.errors import Conflict, Forbidden, Unavailable
from chat4all.identity_limits import IdentityLimits
from chat4all.ids import new_id
from chat4all.provider_sign_in.attempts import Attempts
from chat4all.provider_sign_in.links import entry_of, linked_user
from chat4all.stores.table import condition_failed, met_another
from chat4all.stores.users import UniqueName, User, email_key, username_key

_CHANCE = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in."""

    user: User
    is_new: bool


class ProviderAccounts:
    """Finds or makes the users of people who were recognised by a provider."""

    def __init__(self, attempts: Attempts, limits: IdentityLimits) -> None:
        self._attempts = attempts
        self._limits = limits

    def sign_in(self, provider: Provider, code: str, verifier: str, address: str) -> SignedIn:
        """The user of a one-time code.

        Raises:
            Forbidden: code `invalid_sign_in_code`, or `no_verified_email`: there is no account, and none is made.
            Conflict: code `email_taken`: an account has the email, whose owner has not linked this person.
            RateLimited, Unavailable: the code is used up.
        """
        person = self._attempts.person_of(provider, code, verifier)
        known = linked_user(person.key)
        if known is not None:
            return SignedIn(known, is_new=False)
        if person.email is None:
            raise Forbidden(
                f"{provider.brand} names no verified email, without which no account is made", code="no_verified_email"
            )
        self._limits.register(address)
        return self._made(person, person.email)

    def _made(self, person: Person, email: str) -> SignedIn:
        for username in usernames(person.username, _chance):
            try:
                return SignedIn(_create(person, username, email), is_new=True)
            except TransactWriteError as error:
                taken = _taken(error)
                if taken == _PERSON and (known := linked_user(person.key)) is not None:
                    return SignedIn(known, is_new=False)  # another tab was first
                if taken == _EMAIL:
                    raise Conflict(
                        "An account has this email; sign in with its password and link it there", code="email_taken"
                    ) from error
                if taken is None and not met_another(error):
                    raise _not_stored() from error
        raise _not_stored()


def _create(person: Person, username: str, email: str) -> User:
    now = now_ms()
    user = User(
        new_id(),
        kind="user",
        username=username,
        email=email,
        display_name=person.display_name,
        created_at=now,
        updated_at=now,
    )
    entry_of(person.provider).set_on(user, person, now)
    with TransactWrite(connection=User.client()) as transaction:
        for name in (person.key, email_key(email), username_key(username)):
            transaction.save(UniqueName(name, user_id=user.id), condition=UniqueName.name.does_not_exist())
        transaction.save(user, condition=User.id.does_not_exist())
    return user


_PERSON, _EMAIL = 0, 1
"""Places in the transaction: reasons stand in their order. The third is the username, of which there are others."""


def _taken(error: TransactWriteError) -> int | None:
    """The first that was there already."""
    if not condition_failed(error):
        return None
    reasons = error.cancellation_reasons
    return next(
        (place for place, one in enumerate(reasons) if one is not None and one.code == "ConditionalCheckFailed"), None
    )


def _chance(length: int) -> str:
    return "".join(secrets.choice(_CHANCE) for _ in range(length))


def _not_stored() -> Unavailable:
    return Unavailable("The user could not be stored; nothing was written. Begin again")
