"""What others need to check our tokens (OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2)."""

from typing import Any


def configuration(issuer: str) -> dict[str, Any]:
    """The metadata of the issuer. There is no authorization endpoint: people sign in at the token endpoint."""
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "token_endpoint": f"{issuer}/token",
        "token_endpoint_auth_methods_supported": ["none"],
        "grant_types_supported": ["password", "refresh_token"],
        "response_types_supported": ["none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["chat"],
        "claims_supported": ["iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti", "scope"],
    }
