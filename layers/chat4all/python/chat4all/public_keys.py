"""Public keys: what others verify our access tokens with."""

import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from pynamodb.exceptions import PynamoDBException

from chat4all.clock import now_ms
from chat4all.errors import Unavailable
from chat4all.stores.public_keys import PublicKey

_FRESH_S = 300.0
_RELOAD_S = 5.0


class PublicKeys:
    """Keys of all tokens that may live now or soon, kept in the process for 5 minutes."""

    def __init__(self) -> None:
        self._keys: dict[str, RSAPublicKey] = {}
        self._read_at: float | None = None

    def published(self) -> list[dict[str, Any]]:
        """As JWKs, the one that signs first; raises Unavailable where there is none, so that nobody keeps an empty answer."""
        found = sorted(listed(), key=lambda key: (key.signs_from is None, -int(key.generation)))
        if not found:
            raise Unavailable("There is no signing key yet: the function signing_keys makes it", retry_after_s=60)
        return [dict(key.jwk) for key in found]

    def get(self, kid: str) -> RSAPublicKey | None:
        """The key `kid`; None where there is none. An unknown one is looked up every few seconds at most."""
        age_s = float("inf") if self._read_at is None else time.monotonic() - self._read_at
        if age_s >= _FRESH_S or (kid not in self._keys and age_s >= _RELOAD_S):
            self._keys = {key.kid: _readable(key) for key in listed()}
            self._read_at = time.monotonic()
        return self._keys.get(kid)


def _readable(key: PublicKey) -> RSAPublicKey:
    read = RSAAlgorithm.from_jwk(key.jwk)
    if not isinstance(read, RSAPublicKey):
        raise TypeError(f"{key.kid} is no public key")
    return read


def listed() -> list[PublicKey]:
    """Every key whose tokens may still live: three or four, so a scan of the table. Raises Unavailable."""
    now = now_ms()
    try:
        found = list(PublicKey.scan(consistent_read=True))
    except PynamoDBException as error:
        raise Unavailable("The public keys cannot be read; try again") from error
    return [key for key in found if key.not_after is None or key.not_after > now]
