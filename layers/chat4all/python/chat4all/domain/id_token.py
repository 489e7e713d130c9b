"""ID tokens of OpenID Connect: who has signed in, by the word of the provider (OpenID Connect Core 1.0, section 3.1.3.7)."""

import hmac
from collections.abc import Callable, Mapping
from typing import Any

import jwt

ALGORITHM = "RS256"
"""The one that every provider must have (section 15.1), and the only one that is taken: never `none`, never one by a secret."""
_CLOCKS_DIFFER_S = 30
_REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
_SUBJECT_MAX = 255


class NotThisToken(Exception):
    """The token does not prove who has signed in here; the text says why, and holds nothing of the token."""


def claims_of(
    token: str, key_of: Callable[[str], jwt.PyJWK | None], *, issuer: str, client_id: str, nonce: str
) -> Mapping[str, Any]:
    """Claims of an ID token that this very attempt has brought.

    Args:
        key_of: the provider's key by its `kid`; None where it has none such.
        issuer: who must have issued it.
        client_id: for whom.
        nonce: what the attempt was begun with.

    Raises:
        NotThisToken.
    """
    kid, algorithm = _header(token)
    if algorithm != ALGORITHM:
        raise NotThisToken("another algorithm")
    key = key_of(kid)
    if key is None or key.key_type != "RSA":
        raise NotThisToken("unknown key")
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[ALGORITHM],
            audience=client_id,
            issuer=issuer,
            leeway=_CLOCKS_DIFFER_S,
            options={"require": _REQUIRED},
        )
    except jwt.PyJWTError as error:
        raise NotThisToken(type(error).__name__) from error
    _check(claims, client_id, nonce)
    return claims


def _header(token: str) -> tuple[str, str]:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise NotThisToken("no JWT") from error
    return str(header.get("kid") or ""), str(header.get("alg") or "")


def _check(claims: Mapping[str, Any], client_id: str, nonce: str) -> None:
    given = claims["nonce"]
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise NotThisToken("another nonce")
    audience, authorized = claims["aud"], claims.get("azp")
    if isinstance(audience, list) and len(audience) > 1 and authorized is None:
        raise NotThisToken("several audiences without azp")
    if authorized is not None and authorized != client_id:
        raise NotThisToken("another azp")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_MAX or not subject.isascii():
        raise NotThisToken("no sub")
