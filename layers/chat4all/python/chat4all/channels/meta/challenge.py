"""Meta's handshake (developers.facebook.com/docs/graph-api/webhooks/getting-started, "Verification requests")."""

import hmac
from collections.abc import Mapping

_LONGEST = 1_024
"""Characters. Meta's challenge is a number; no more than this is ever echoed."""


def answer(verify_token: str, query: Mapping[str, str]) -> str | None:
    """What `GET …?hub.mode=subscribe&hub.verify_token=…&hub.challenge=…` is answered with; None: not our token (403)."""
    given, challenge = query.get("hub.verify_token", ""), query.get("hub.challenge")
    if not verify_token or not hmac.compare_digest(_bytes(given), _bytes(verify_token)):
        return None
    if query.get("hub.mode") != "subscribe" or not challenge or len(challenge) > _LONGEST:
        return None
    return challenge


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
