"""States and one-time codes of sign-ins: each is good once, for a short while, and for who began."""

import hmac
import secrets
from hashlib import sha256

from pynamodb.exceptions import DeleteError, PynamoDBException

from chat4all.clock import now_ms
from chat4all.domain.pkce import proves
from chat4all.domain.sign_in_provider import Person, Provider
from chat4all.errors import Forbidden, Unavailable
from chat4all.stores.sign_in_attempts import SignInAttempt
from chat4all.stores.table import condition_failed

STATE_S = 600
"""How long somebody may take at the provider."""
CODE_S = 60
"""How long a page may take to ask for tokens."""
_BYTES = 32


class UnknownState(Exception):
    """The browser has begun no such sign-in, or one that is over; the text says which."""


class Attempts:
    """Keeps what is under way. Each method raises Unavailable."""

    def begin(self, provider: Provider, browser: str, return_to: str, challenge: str) -> str:
        """A new state for the browser whose cookie holds `browser`."""
        state = secrets.token_urlsafe(_BYTES)
        item = SignInAttempt(_id("state", state), provider=provider, challenge=challenge, return_to=return_to)
        item.browser_hash = _hash(browser)
        _save(item, STATE_S)
        return state

    def take(self, provider: Provider, state: str, browser: str) -> SignInAttempt:
        """Use up a state. Raises UnknownState; one that another browser brings stays good for its own."""
        item = _find("state", state)
        if item is None or item.provider != provider:
            raise UnknownState("unknown, used or too old")
        if not hmac.compare_digest(str(item.browser_hash), _hash(browser)):
            raise UnknownState("of another browser")
        if not _used_up(item):
            raise UnknownState("used meanwhile")
        return item

    def give_code(self, person: Person, challenge: str) -> str:
        """A code with which the page that holds the verifier of `challenge` says who has signed in."""
        code = secrets.token_urlsafe(_BYTES)
        item = SignInAttempt(_id("code", code), provider=person.provider, challenge=challenge)
        item.person = person.document()
        _save(item, CODE_S)
        return code

    def person_of(self, provider: Provider, code: str, verifier: str) -> Person:
        """Use up a code, also by a wrong verifier: it is in two hands.

        Raises:
            Forbidden: code `invalid_sign_in_code`.
        """
        item = _find("code", code)
        if item is None or item.provider != provider or not _used_up(item) or not proves(verifier, str(item.challenge)):
            raise Forbidden("The code is used, too old, or another page's; begin again", code="invalid_sign_in_code")
        return Person.of(item.person)


def _save(item: SignInAttempt, good_s: int) -> None:
    item.expires_at = now_ms() // 1000 + good_s
    try:
        item.save(SignInAttempt.id.does_not_exist())
    except PynamoDBException as error:
        raise Unavailable("The sign-in could not be stored; try again") from error


def _find(kind: str, secret: str) -> SignInAttempt | None:
    try:
        item = SignInAttempt.get(_id(kind, secret), consistent_read=True)
    except SignInAttempt.DoesNotExist:
        return None
    return item if item.expires_at > now_ms() // 1000 else None


def _used_up(item: SignInAttempt) -> bool:
    """False where somebody else was first."""
    try:
        item.delete(condition=SignInAttempt.id.exists())
    except DeleteError as error:
        if condition_failed(error):
            return False
        raise Unavailable("The sign-in could not be gone on with; begin again") from error
    return True


def _id(kind: str, secret: str) -> str:
    return f"{kind}:{_hash(secret)}"


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
