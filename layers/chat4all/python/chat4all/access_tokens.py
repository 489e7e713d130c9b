"""Checking access tokens where API Gateway does not: on WebSockets, in the product's own authorizer."""

from dataclasses import dataclass

import jwt

from chat4all.config import Settings
from chat4all.errors import Unauthenticated
from chat4all.public_keys import PublicKeys
from chat4all.sessions import Sessions, existing_user


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a token stands for."""

    user_id: str
    expires_at: int
    """Milliseconds since 1970."""
    session_id: str | None


class AccessTokens:
    """Verifies signature, issuer, audience and times, and that the session goes on."""

    def __init__(self, settings: Settings, keys: PublicKeys, sessions: Sessions) -> None:
        self._sessions = sessions
        self._settings = settings
        self._keys = keys

    def verify(self, token: str) -> Caller:
        """Whom `token` stands for, who is still there and signed in.

        Raises:
            Unauthenticated: code `invalid_token`, or see Sessions.live; the detail is for the log.
            Unavailable: the keys cannot be read.
        """
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = self._keys.get(kid) if isinstance(kid, str) else None
            if key is None:
                raise Unauthenticated("signed with an unknown key", code="invalid_token")
            claims = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=self._settings.issuer,
                audience=self._settings.audience,
                options={"require": ["iss", "aud", "sub", "iat", "exp"]},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(f"{type(error).__name__}: {error}", code="invalid_token") from error
        session_id = claims.get("sid")
        if session_id is None:
            existing_user(claims["sub"])
        return Caller(self._sessions.live(claims["sub"], session_id), int(claims["exp"]) * 1000, session_id)
