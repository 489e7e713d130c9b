"""Signatures of Meta's webhooks (developers.facebook.com/docs/graph-api/webhooks/getting-started, "Validating payloads")."""

import hashlib
import hmac
from collections.abc import Mapping

HEADER = "x-hub-signature-256"
_PREFIX = "sha256="


def signature(app_secret: str, body: bytes) -> str:
    """Value of X-Hub-Signature-256 for these very bytes."""
    return _PREFIX + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(app_secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the app with this secret signed these very bytes; `headers` have lower-case names.

    Compared in constant time. Without a secret nothing is authentic.
    """
    if not app_secret:
        return False
    given = headers.get(HEADER, "")
    # As bytes: compare_digest refuses text that is not ASCII.
    return hmac.compare_digest(given.encode(errors="replace"), signature(app_secret, body).encode())
