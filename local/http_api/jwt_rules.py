"""Rules of a JWT authorizer (Developer Guide, "Control access to HTTP APIs with JWT authorizers in API Gateway")."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from local.application import JwtAuthorizer
from local.http_api.event_parts import query_items
from local.http_api.messages import Request

if TYPE_CHECKING:
    import jwt  # with cryptography 2.5 MB: imported by the first token

RSA_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
"""API Gateway verifies RSA signatures only."""


class TokenRefused(Exception):
    """401. The text is the `error_description` of the www-authenticate header."""


class ScopeRefused(Exception):
    """403: the token is good, but has none of the route's scopes."""


def check_identity_source(source: str) -> None:
    """Raise ValueError for a source other than `$request.header.X` and `$request.querystring.X`."""
    if not re.fullmatch(r"\$request\.(header|querystring)\.[^.]+", source):
        raise ValueError(f"identity source {source!r} is neither $request.header.X nor $request.querystring.X")


def find_token(request: Request, identity_source: str) -> str | None:
    """The token, without its `Bearer ` prefix; None when absent. The source is one that `check_identity_source` takes."""
    kind, _, name = identity_source.removeprefix("$request.").partition(".")
    value = request.header(name.lower()) if kind == "header" else dict(query_items(request.query_string)).get(name)
    if value is None:
        return None
    scheme, _, rest = value.strip().partition(" ")
    token = rest.strip() if scheme.lower() == "bearer" else value.strip()
    return token or None


def key_id(token: str) -> str:
    """`kid` of the token's header. Raises TokenRefused, also for an algorithm that is not RSA."""
    import jwt

    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise TokenRefused("the token is malformed") from error
    if header.get("alg") not in RSA_ALGORITHMS:
        raise TokenRefused("the token is not signed with an RSA algorithm")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise TokenRefused("the token has no kid")
    return kid


def verify(token: str, key: "jwt.PyJWK", authorizer: JwtAuthorizer) -> Mapping[str, Any]:
    """Claims of the token after its signature, iss, exp, nbf, iat and audience have been checked. Raises TokenRefused."""
    import jwt

    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=RSA_ALGORITHMS,
            issuer=authorizer.issuer,
            options={"require": ["exp", "iss"], "verify_aud": False},
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenRefused("the token has expired") from error
    except jwt.ImmatureSignatureError as error:
        raise TokenRefused("the token is not valid yet") from error
    except jwt.InvalidIssuerError as error:
        raise TokenRefused("the token does not have a valid issuer") from error
    except jwt.InvalidSignatureError as error:
        raise TokenRefused("signature verification failed") from error
    except jwt.InvalidTokenError as error:
        raise TokenRefused(f"the token is not valid: {_quotable(str(error))}") from error
    if not has_audience(claims, authorizer.audience):
        raise TokenRefused("the token does not have a valid audience")
    return claims


def has_audience(claims: Mapping[str, Any], audience: tuple[str, ...]) -> bool:
    """`aud` must name one of the audience; `client_id` counts only where `aud` is absent."""
    if "aud" in claims:
        names = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    else:
        names = [claims.get("client_id")]
    return any(name in audience for name in names)


def token_scopes(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Scopes of the token: `scope` or `scp`, a text with blanks between them or a list."""
    value = claims.get("scope", claims.get("scp", ""))
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def check_scopes(scopes: tuple[str, ...], required: tuple[str, ...]) -> None:
    """Any one of the route's scopes is enough. Raises ScopeRefused."""
    if required and not set(scopes) & set(required):
        raise ScopeRefused("the token has none of the scopes of the route")


def claim_texts(claims: Mapping[str, Any]) -> dict[str, str]:
    """Claims as functions get them: all texts, a list as `[a b]`, an object as `map[key:value]`."""
    return {name: _text(value) for name, value in claims.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{' '.join(_text(item) for item in value)}]"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{_text(item)}' for key, item in value.items())}]"
    return str(value)


def _quotable(text: str) -> str:
    """Text that may stand between the quotes of a header parameter."""
    return "".join(character for character in text if character.isprintable() and character not in '"\\')
