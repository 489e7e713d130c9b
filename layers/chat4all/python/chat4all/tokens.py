"""Tokens: sign-in with a password, access tokens (JWT, RFC 7519 and RFC 9068 where it fits) and refresh tokens."""

import hashlib
from dataclasses import dataclass
from typing import Any

import jwt
from pynamodb.exceptions import PynamoDBException

from chat4all import users
from chat4all.clock import now_ms, rfc3339
from chat4all.config import Settings
from chat4all.errors import Unauthenticated
from chat4all.identity_limits import IdentityLimits
from chat4all.ids import new_id
from chat4all.logs import logger
from chat4all.passwords import Passwords
from chat4all.session_ends import SessionEnds
from chat4all.sessions import Refreshed, Reused, Sessions
from chat4all.signing_keys import SigningKeys
from chat4all.stores.signing_secret import SigningKey
from chat4all.stores.users import User

SCOPE = "chat"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a sign-in or refresh gives."""

    access_token: str
    refresh_token: str
    expires_in: int
    expires_at: int
    """Milliseconds since 1970, of the access token."""
    user_id: str

    def oauth(self) -> dict[str, Any]:
        """RFC 6749, section 5.1."""
        return {
            "access_token": self.access_token,
            "token_type": "bearer",
            "expires_in": self.expires_in,
            "refresh_token": self.refresh_token,
            "scope": SCOPE,
        }

    def document(self) -> dict[str, Any]:
        """The same, with `token` and `expires_at`."""
        return self.oauth() | {"token": self.access_token, "expires_at": rfc3339(self.expires_at)}


class WrongCredentials(Unauthenticated):
    """The name or the password is wrong; which one, only we know: `user_id` of who has that name."""

    code = "invalid_credentials"

    def __init__(self, user_id: str | None) -> None:
        super().__init__("The username or the password is wrong")
        self.user_id = user_id


class Tokens:
    """Gives tokens to those who can prove who they are."""

    def __init__(
        self,
        settings: Settings,
        keys: SigningKeys,
        limits: IdentityLimits,
        passwords: Passwords,
        sessions: Sessions,
        ends: SessionEnds,
    ) -> None:
        self._ends = ends
        self._settings = settings
        self._keys = keys
        self._limits = limits
        self._passwords = passwords
        self._sessions = sessions

    def sign_in(self, name: str, password: str, address: str) -> Grant:
        """A grant for the user with this username or email; it takes as long for one who does not exist.

        Raises:
            WrongCredentials: without saying which of the two is wrong.
            RateLimited: too many attempts for the account or from `address`.
            Unavailable.
        """
        self._limits.sign_in_from(address)
        user = users.find(name)
        account = user.id if user else _unknown(name)
        self._limits.sign_in_to(account, address)
        matches = self._passwords.matches(password, user.password_hash if user else None)
        if user is None or not matches:
            raise WrongCredentials(user.id if user else None)
        self._limits.signed_in(account, address)
        grant = self.grant_to(user)
        self._renew_hash(user, password)
        return grant

    def grant_to(self, user: User) -> Grant:
        """A grant for a user who has shown who they are, with a new session. Raises Unavailable."""
        key = self._keys.current()
        return self._grant(key, self._sessions.begin(user))

    def refresh(self, refresh_token: str) -> Grant:
        """A grant with a new refresh token; the old one is used up.

        Raises:
            Unauthenticated: see Sessions.rotate; where the token was used before, its session and connections are ended.
            Unavailable: the token is not used up.
        """
        key = self._keys.current()  # before the token is used up
        try:
            refreshed = self._sessions.rotate(refresh_token)
        except Reused as error:
            self._ends.close(error.user_id, error.session_id)
            raise
        return self._grant(key, refreshed)

    def revoke(self, refresh_token: str) -> str | None:
        """End the session of this token, and its connections; whose it was. A token that is none is fine (RFC 7009, 2.2)."""
        ended = self._sessions.end(refresh_token)
        if ended is not None:
            self._ends.close(ended.user_id, ended.session_id)
        return ended.user_id if ended is not None else None

    def _grant(self, key: SigningKey, session: Refreshed) -> Grant:
        now, lifetime = now_ms() // 1000, self._settings.access_token_s
        claims = {
            "iss": self._settings.issuer,
            "aud": self._settings.audience,
            "sub": session.user_id,
            "sid": session.session_id,
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
            "jti": new_id(),
            "scope": SCOPE,
        }
        token = jwt.encode(claims, key.private_pem, algorithm="RS256", headers={"kid": key.kid})
        return Grant(token, session.token, lifetime, (now + lifetime) * 1000, session.user_id)

    def _renew_hash(self, user: User, password: str) -> None:
        """Store the password under today's parameters; a failure must not cost the sign-in."""
        if not self._passwords.renewable(password, user.password_hash):
            return
        try:
            unchanged = User.password_hash == user.password_hash
            user.update([User.password_hash.set(self._passwords.hash(password))], condition=unchanged)
        except PynamoDBException as error:
            logger.warning("password hash not renewed", user_id=user.id, cause=str(error))


def _unknown(name: str) -> str:
    """What is counted for a name that nobody has. Not the name: people type passwords there."""
    return hashlib.sha256(name.casefold().encode()).hexdigest()[:32]
