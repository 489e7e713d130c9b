"""Proof Key for Code Exchange (RFC 7636), with S256 only; and what is derived from a browser's secret."""

import hmac
import re
from base64 import urlsafe_b64encode
from hashlib import sha256

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


def challenge_of(verifier: str) -> str:
    """`code_challenge` of the method S256 (section 4.2)."""
    return _text(sha256(verifier.encode("utf-8", "surrogatepass")).digest())


def is_challenge(text: str) -> bool:
    """Whether it can be one: a SHA-256 in base64url without padding."""
    return _CHALLENGE.fullmatch(text) is not None


def proves(verifier: str, challenge: str) -> bool:
    """Whether `challenge` was made of `verifier`."""
    return hmac.compare_digest(challenge_of(verifier), challenge)


def derived(secret: str, purpose: str) -> str:
    """Another secret for each purpose, 43 characters, from which neither `secret` nor the others can be told (RFC 2104)."""
    return _text(hmac.digest(secret.encode("utf-8", "surrogatepass"), purpose.encode(), "sha256"))


def _text(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
