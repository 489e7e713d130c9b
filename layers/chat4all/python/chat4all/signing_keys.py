"""Signing keys: RSA, one for each period of 30 days, made by whoever needs it first.

The item of a period is put on condition that there is none. Where two environments race, both make a key, one put wins, and the
loser reads the winner's key before it signs anything: every token of a period has the same key, and no lock is needed.
A key is made and published a day before its period begins, because API Gateway keeps what it has read of the JWKS for up to two
hours (developer guide, "Control access to HTTP APIs with JWT authorizers"), and it stays published until its last token is over.
"""

import hashlib
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import RSAAlgorithm
from pynamodb.exceptions import PutError, PynamoDBException

from chat4all.clock import now_ms
from chat4all.errors import Unavailable
from chat4all.stores.signing_keys import SigningKey
from chat4all.stores.table import condition_failed

PERIOD_MS = 30 * 24 * 3600 * 1000
AHEAD_MS = 24 * 3600 * 1000
_GRACE_MS = 3600 * 1000
_RELOAD_S = 5.0
_BITS = 2048


class SigningKeys:
    """The keys of this deployment, kept in the process. `token_s`: the longest life of a token."""

    def __init__(self, token_s: int) -> None:
        self._token_s = token_s
        self._of_period: dict[int, SigningKey] = {}
        self._public: dict[str, Any] = {}
        self._loaded_at = -_RELOAD_S

    def current(self) -> SigningKey:
        """The key to sign with now, made where there is none; raises Unavailable."""
        now = now_ms()
        if period_of(now + AHEAD_MS) != period_of(now):
            self._of(period_of(now + AHEAD_MS))
        return self._of(period_of(now))

    def published(self) -> list[dict[str, Any]]:
        """Public keys (JWKs) of all tokens that may live now or soon; there is always one. Raises Unavailable."""
        self.current()
        return [dict(key.public_jwk) for key in _all()]

    def public_key(self, kid: str) -> RSAPublicKey | None:
        """The public key `kid`; None where there is none. Unknown ones are looked up every few seconds at most."""
        if kid not in self._public and time.monotonic() - self._loaded_at >= _RELOAD_S:
            self._public = {key.kid: RSAAlgorithm.from_jwk(key.public_jwk) for key in _all()}
            self._loaded_at = time.monotonic()
        return self._public.get(kid)

    def _of(self, period: int) -> SigningKey:
        if period not in self._of_period:
            self._of_period[period] = _read(period) or _make(period, self._token_s)
        return self._of_period[period]


def period_of(ms: int) -> int:
    """Number of the 30-day period, counted from 1970, that `ms` lies in."""
    return ms // PERIOD_MS


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """RFC 7638, section 3.1, of an RSA key."""
    members = json.dumps({name: jwk[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
    return urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).rstrip(b"=").decode()


def new_key(period: int, token_s: int, now: int) -> SigningKey:
    """A new key for a period; its tokens are over at `not_after`."""
    private = generate_private_key(public_exponent=65537, key_size=_BITS)
    bare = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    kid = thumbprint(bare)
    return SigningKey(
        str(period),
        kid=kid,
        private_pem=private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        public_jwk={"kty": bare["kty"], "kid": kid, "use": "sig", "alg": "RS256", "n": bare["n"], "e": bare["e"]},
        created_at=now,
        not_after=(period + 1) * PERIOD_MS + token_s * 1000 + _GRACE_MS,
    )


def _make(period: int, token_s: int) -> SigningKey:
    key = new_key(period, token_s, now_ms())
    try:
        key.save(SigningKey.period.does_not_exist())
    except PutError as error:
        if not condition_failed(error):
            raise Unavailable("The signing key could not be stored; try again") from error
        winner = _read(period)
        if winner is None:
            raise Unavailable("The signing key was removed; try again") from error
        return winner
    return key


def _read(period: int) -> SigningKey | None:
    try:
        return SigningKey.get(str(period), consistent_read=True)
    except SigningKey.DoesNotExist:
        return None


def _all() -> list[SigningKey]:
    """Every key whose tokens may still live: three at most, so a scan of the table."""
    try:
        return [key for key in SigningKey.scan(consistent_read=True) if key.not_after > now_ms()]
    except PynamoDBException as error:
        raise Unavailable("The signing keys cannot be read; try again") from error
