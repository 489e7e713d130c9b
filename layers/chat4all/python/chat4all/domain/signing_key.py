"""Making RSA keys, and the times of their lives."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import RSAAlgorithm

_HOUR_MS = 3600 * 1000

SIGNS_MS = 30 * 24 * _HOUR_MS
"""How long a key signs."""
AHEAD_MS = 3 * _HOUR_MS
"""How long a key must be published before it signs: API Gateway keeps what it has read of the JWKS for 2 h (developer guide,
"Control access to HTTP APIs with JWT authorizers"), and caches on the way to it keep it for 5 minutes."""
FRESH_S = 300.0
"""How long a process signs with what it has read of the secret."""
STALE_S = 3600.0
"""How long it goes on with that where the secret cannot be read."""
_CLOCKS_MS = _HOUR_MS
BITS = 2048


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that nobody has yet."""

    kid: str
    private_pem: str
    public_jwk: dict[str, Any]


def new_key() -> NewKey:
    """A new RSA key."""
    private = generate_private_key(public_exponent=65537, key_size=BITS)
    bare = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    kid = thumbprint(bare)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return NewKey(kid, pem, {"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": bare["n"], "e": bare["e"]})


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """RFC 7638, section 3.1, of an RSA key."""
    members = json.dumps({name: jwk[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
    return urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).rstrip(b"=").decode()


def retired_until(now: int, token_s: int) -> int:
    """Until when (ms) a key that signs no more is published: those who have not read the secret anew may still sign with it."""
    return now + token_s * 1000 + int(STALE_S * 1000) + _CLOCKS_MS


def is_published_long_enough(published_at: int, now: int) -> bool:
    """Whether everybody knows the key by now."""
    return published_at + AHEAD_MS <= now
