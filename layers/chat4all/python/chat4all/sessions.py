"""Sessions: families of refresh tokens. A token is `<family id>.<secret>`; each use replaces the secret (RFC 9700, 4.14.2)."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from pynamodb.exceptions import PynamoDBException, UpdateError
from pynamodb.expressions.update import Action

from chat4all.clock import now_ms
from chat4all.errors import Unauthenticated, Unavailable
from chat4all.ids import is_id, new_id
from chat4all.stores.sessions import Session
from chat4all.stores.table import condition_failed, update_if

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A session after its token was changed."""

    user_id: str
    token: str


class Sessions:
    """Begins, goes on with and ends sessions. `lifetime_s`: how long a token is good for when it is not used."""

    def __init__(self, lifetime_s: int) -> None:
        self._lifetime_s = lifetime_s

    def begin(self, user_id: str) -> str:
        """A new family; its first token. Raises Unavailable."""
        family_id, secret, now = new_id(), _new_secret(), now_ms()
        session = Session(
            family_id,
            user_id=user_id,
            secret_hash=_hash(secret),
            created_at=now,
            rotated_at=now,
            expires_at=now // 1000 + self._lifetime_s,
        )
        try:
            session.save(Session.family_id.does_not_exist())
        except PynamoDBException as error:
            raise Unavailable("The session could not be stored; try again") from error
        return f"{family_id}.{secret}"

    def rotate(self, token: str) -> Refreshed:
        """Replace `token`. One that was used already ends the whole family: it is in two hands, and one is a thief's.

        Any other secret of a known family counts as used: a family's id is known only to those who had a token of it.

        Raises:
            Unauthenticated: code `invalid_refresh_token`, `refresh_token_expired`, `refresh_token_revoked` or
                `refresh_token_reused`.
            Unavailable.
        """
        session, secret = _find(token)
        if session.revoked_at is not None:
            raise Unauthenticated("This session has ended; sign in again", code="refresh_token_revoked")
        if session.expires_at <= now_ms() // 1000:
            raise Unauthenticated("The refresh token has expired; sign in again", code="refresh_token_expired")
        successor = _new_secret()
        if not (hmac.compare_digest(session.secret_hash, _hash(secret)) and self._replace(session, secret, successor)):
            _revoke(session)
            raise Unauthenticated("This refresh token was used before; sign in again", code="refresh_token_reused")
        return Refreshed(session.user_id, f"{session.family_id}.{successor}")

    def end(self, token: str) -> None:
        """End the family of `token`, whichever of its tokens that is. Nothing happens where there is none (RFC 7009, 2.2)."""
        try:
            session, _ = _find(token)
        except Unauthenticated:
            return
        if session.revoked_at is None:
            _revoke(session)

    def end_all(self, user_id: str) -> None:
        """Remove every session of a user; raises Unavailable."""
        try:
            with Session.batch_write() as batch:
                for session in Session.by_user.query(user_id):
                    batch.delete(session)
        except PynamoDBException as error:
            raise Unavailable("The sessions could not be ended; try again") from error

    def _replace(self, session: Session, secret: str, successor: str) -> bool:
        """False where another use of the same token came first."""
        now = now_ms()
        actions: list[Action] = [
            Session.secret_hash.set(_hash(successor)),
            Session.rotated_at.set(now),
            Session.expires_at.set(now // 1000 + self._lifetime_s),
        ]
        unused = (Session.secret_hash == _hash(secret)) & Session.revoked_at.does_not_exist()
        return update_if(session, actions, unused, "The session could not be renewed; try again")


def _find(token: str) -> tuple[Session, str]:
    family_id, _, secret = token.partition(".")
    if is_id(family_id) and secret:
        try:
            return Session.get(family_id, consistent_read=True), secret
        except Session.DoesNotExist:
            pass
    raise Unauthenticated("This is no valid refresh token; sign in again", code="invalid_refresh_token")


def _revoke(session: Session) -> None:
    try:
        session.update([Session.revoked_at.set(now_ms())], condition=Session.family_id.exists())
    except UpdateError as error:
        if not condition_failed(error):
            raise Unavailable("The session could not be ended; try again") from error


def _new_secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
