"""Whether two sends with one message_id are the same send."""

import hashlib
import json
from typing import Any


def fingerprint(**parts: Any) -> str:
    """SHA-256 (hex) over what a sender says; equal for equal parts whatever the order of their keys."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
