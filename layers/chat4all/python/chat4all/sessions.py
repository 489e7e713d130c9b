"""Sessions: families of refresh tokens. A token is `<family id>.<secret>`; each use replaces the secret (RFC 9700, 4.14.2).

A client that has lost the answer asks again, and two tabs ask at once: for some seconds the token before is answered with its own
successor once more, so that nobody is signed out by a bad network. A thief who uses that time has the same token as the client:
of their next uses the second ends the family.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from pynamodb.exceptions import PynamoDBException, UpdateError
from pynamodb.expressions.update import Action

from chat4all.clock import now_ms
from chat4all.errors import Unauthenticated, Unavailable
from chat4all.ids import is_id, new_id
from chat4all.stores.sessions import Session
from chat4all.stores.table import condition_failed, update_if
from chat4all.stores.users import User

_SECRET_BYTES = 32
_NEW_MS = 600_000
"""So long after a sign-in somebody need not show again who they are."""


class Reused(Unauthenticated):
    """A refresh token was used a second time: the session has ended."""

    code = "refresh_token_reused"

    def __init__(self, user_id: str, session_id: str) -> None:
        super().__init__("This refresh token was used before; sign in again")
        self.user_id = user_id
        self.session_id = session_id


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A session with its valid token."""

    user_id: str
    session_id: str
    token: str


class Sessions:
    """Begins, goes on with and ends sessions.

    `lifetime_s`: how long a token is good for when it is not used; `grace_s`: how long the token before is answered once more.
    """

    def __init__(self, lifetime_s: int, grace_s: int) -> None:
        self._lifetime_s = lifetime_s
        self._grace_s = grace_s

    def begin(self, user: User) -> Refreshed:
        """A new family of `user`, as they were read with the hash that was checked. Raises Unavailable."""
        family_id, secret, now = new_id(), secrets.token_urlsafe(_SECRET_BYTES), now_ms()
        session = Session(
            family_id,
            user_id=user.id,
            secret_hash=_hash(secret),
            created_at=now,
            rotated_at=now,
            expires_at=now // 1000 + self._lifetime_s,
            password_since=user.sessions_since or 0,
        )
        try:
            session.save(Session.family_id.does_not_exist())
        except PynamoDBException as error:
            raise Unavailable("The session could not be stored; try again") from error
        return Refreshed(user.id, family_id, f"{family_id}.{secret}")

    def rotate(self, token: str) -> Refreshed:
        """Replace `token`. One that was used already ends the whole family: it is in two hands, and one is a thief's.

        Any other secret of a known family counts as used: a family's id is known only to those who had a token of it.

        Raises:
            Reused. Unauthenticated: code `invalid_refresh_token`, `refresh_token_expired`, `refresh_token_revoked` or
                `account_deleted`.
            Unavailable: nothing was changed.
        """
        family_id, secret = _parts(token)
        for _ in range(2):  # whoever comes second in a race finds the successor at the second look
            session = _session(family_id)
            _check(session)
            if hmac.compare_digest(session.secret_hash, _hash(secret)):
                successor = self._replace(session, secret)
            else:
                successor = self._successor_again(session, secret)
                if successor is None:
                    break
            if successor is not None:
                return Refreshed(session.user_id, family_id, f"{family_id}.{successor}")
        _revoke(session)
        raise Reused(session.user_id, family_id)

    def live(self, user_id: str, session_id: str | None) -> str:
        """`user_id`, where the session that an access token names still goes on; asked before what must not be done afterwards.

        A token without a name of its session is from before they had names, and soon over.

        Raises:
            Unauthenticated: code `session_ended` or `account_deleted`. Unavailable.
        """
        if session_id is None:
            return user_id
        user = existing_user(user_id)
        try:
            session = Session.get(session_id, consistent_read=True)
        except Session.DoesNotExist:
            raise _ended() from None
        if session.user_id != user_id or session.revoked_at is not None or _is_cut_off(session, user):
            raise _ended()
        return user_id

    def is_new(self, session_id: str | None) -> bool:
        """Whether somebody signed in just now to begin this session. Raises Unavailable."""
        if session_id is None:
            return False
        try:
            session = Session.get(session_id, consistent_read=True)
        except Session.DoesNotExist:
            return False
        return now_ms() - int(session.created_at) <= _NEW_MS

    def end(self, token: str) -> Refreshed | None:
        """End the family of `token`, whichever of its tokens that is. None where there is none (RFC 7009, 2.2), or no more."""
        try:
            session = _session(_parts(token)[0])
        except Unauthenticated:
            return None
        if session.revoked_at is not None:
            return None
        _revoke(session)
        return Refreshed(session.user_id, session.family_id, token)

    def end_all(self, user_id: str, *, but: str | None = None) -> None:
        """Remove the sessions of a user but one; raises Unavailable.

        The index that is asked may be late. What counts for sessions it does not know yet is said in the user's item.
        """
        try:
            with Session.batch_write() as batch:
                for session in Session.by_user.query(user_id):
                    if session.family_id != but:
                        batch.delete(session)
        except PynamoDBException as error:
            raise Unavailable("The sessions could not be ended; try again") from error

    def _replace(self, session: Session, secret: str) -> str | None:
        """The successor; None where another use of the same token came first."""
        now, key = now_ms(), secrets.token_hex(_SECRET_BYTES)
        successor = _successor(key, secret)
        actions: list[Action] = [
            Session.secret_hash.set(_hash(successor)),
            Session.previous_hash.set(_hash(secret)),
            Session.successor_key.set(key),
            Session.rotated_at.set(now),
            Session.expires_at.set(now // 1000 + self._lifetime_s),
        ]
        unused = (Session.secret_hash == _hash(secret)) & Session.revoked_at.does_not_exist()
        done = update_if(session, actions, unused, "The session could not be renewed; try again")
        return successor if done else None

    def _successor_again(self, session: Session, secret: str) -> str | None:
        """What the token before was replaced by; None where that is long ago, or it is an older one still."""
        if session.previous_hash is None or not hmac.compare_digest(session.previous_hash, _hash(secret)):
            return None
        if now_ms() - int(session.rotated_at) > self._grace_s * 1000:
            return None
        return _successor(str(session.successor_key), secret)


def _check(session: Session) -> None:
    if session.revoked_at is not None:
        raise Unauthenticated("This session has ended; sign in again", code="refresh_token_revoked")
    if session.expires_at <= now_ms() // 1000:
        raise Unauthenticated("The refresh token has expired; sign in again", code="refresh_token_expired")
    if _is_cut_off(session, existing_user(session.user_id)):
        raise Unauthenticated("The password was changed; sign in again", code="refresh_token_revoked")


def _is_cut_off(session: Session, user: User) -> bool:
    """Whether the password was changed since, in another session. No clock decides: whoever was signing in with the old
    password while it was changed had read the value before.
    """
    since = user.sessions_since
    if since is None or session.family_id == user.session_kept:
        return False
    if session.password_since is None:
        return bool(session.created_at <= since)
    return bool(session.password_since != since)


def existing_user(user_id: str) -> User:
    """The user of a token; raises Unauthenticated (`account_deleted`)."""
    gone = Unauthenticated("The account of this token is gone", code="account_deleted")
    try:
        user = User.get(user_id, consistent_read=True)
    except User.DoesNotExist:
        raise gone from None
    if user.deleted_at is not None:
        raise gone
    return user


def _ended() -> Unauthenticated:
    return Unauthenticated("The session of this token has ended; sign in again", code="session_ended")


def _parts(token: str) -> tuple[str, str]:
    family_id, _, secret = token.partition(".")
    if not is_id(family_id) or not secret:
        raise _invalid()
    return family_id, secret


def _session(family_id: str) -> Session:
    try:
        return Session.get(family_id, consistent_read=True)
    except Session.DoesNotExist:
        raise _invalid() from None


def _invalid() -> Unauthenticated:
    return Unauthenticated("This is no valid refresh token; sign in again", code="invalid_refresh_token")


def _revoke(session: Session) -> None:
    try:
        session.update([Session.revoked_at.set(now_ms())], condition=Session.family_id.exists())
    except UpdateError as error:
        if not condition_failed(error):
            raise Unavailable("The session could not be ended; try again") from error


def _successor(key: str, secret: str) -> str:
    """From the token before and a key that is stored: neither a stolen old token nor the table alone gives it."""
    digest = hmac.digest(bytes.fromhex(key), secret.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
