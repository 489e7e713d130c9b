"""The key that signs access tokens: read from the secret, which only the functions that sign may read."""

import time
from threading import Lock

from chat4all.domain.signing_key import FRESH_S, STALE_S
from chat4all.errors import Unavailable
from chat4all.stores.signing_secret import CURRENT, SigningKey, SigningSecret


class SigningKeys:
    """The current key, kept in the process for 5 minutes: a key that has signed stays published much longer than that."""

    def __init__(self, secret: SigningSecret) -> None:
        self._secret = secret
        self._lock = Lock()
        self._key: SigningKey | None = None
        self._read_at = 0.0

    def current(self) -> SigningKey:
        """The key to sign with now; the last one for up to an hour where the secret cannot be read.

        Raises:
            Unavailable: it cannot be read, or none was made yet (which the deployment does).
        """
        with self._lock:
            age_s = time.monotonic() - self._read_at
            if self._key is None or age_s >= FRESH_S:
                self._key = self._read(self._key if age_s < STALE_S else None)
            return self._key

    def _read(self, otherwise: SigningKey | None) -> SigningKey:
        asked_at = time.monotonic()
        try:
            key = self._secret.read(CURRENT)
        except Unavailable:
            if otherwise is None:
                raise
            return otherwise
        if key is None:
            raise Unavailable("There is no signing key yet: the function signing_keys makes it", retry_after_s=60)
        self._read_at = asked_at
        return key
