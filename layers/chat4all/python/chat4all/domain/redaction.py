"""What no log may hold, taken out of it: secrets, what people write, and where they can be reached.

The first rule is that it is not logged; this is for texts that others make, such as libraries that say what they were given.
"""

import re
from collections.abc import Mapping
from typing import Any

REDACTED = "[redacted]"
_KEYS = frozenset(
    {
        "access_token", "api_key", "app_secret", "authorization", "body", "bot_token", "caption", "client_secret",
        "code_verifier", "content", "cookie", "email", "payload", "password", "phone", "preview",
        "refresh_token", "secret", "text", "token", "verify_token", "webhook_secret",
    }
)  # fmt: skip
"""Names of fields whose value is never logged, whatever it is."""
# Each begins where a word begins, or is bounded: the time is linear in a text that others have made long.
_PATTERNS = re.compile(
    r"(?P<jwt>(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?)"  # RFC 7519: header, claims, signature
    r"|(?P<bearer>(?i:bearer|basic)[ .]+[\w.~+/=-]{8,})"
    r"|(?P<bot>\d{6,12}:[\w-]{20,})"  # a token of the Bot API
    r"|(?P<whsec>whsec_[\w+/=-]{6,})"  # Standard Webhooks
    r"|(?P<refresh>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[\w-]{16,})"  # <session>.<secret>
    r"|(?P<shared>(?<!/v1)/files/[0-9a-f-]{36}/[^/?\s\"']+)"  # the link that opens a file
    r"|(?P<named>(?i:password|secret|token|signature)[\"']?\s*[=:]\s*[\"']?[^\s\"'&,;)}\]]{4,})"
    r"|(?P<given>input_value=.*?(?=, input_type=|\Z))"  # what pydantic was given
    r"|(?P<email>(?<![^\s@<>\"'(),:;=\[\]/])[^\s@<>\"'(),:;=\[\]/]++@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<number>(?<![\w@.:/-])\+\d{7,15}\b|(?<=[0-9a-f]:)\d{7,15}\b)",  # E.164; an address in a lane's name
    re.DOTALL,
)
_KEPT = 2
"""Last digits of a number that are kept, to tell one from another."""


def redacted(value: Any, key: str = "") -> Any:
    """`value`, or a copy of it without what no log may hold. Of a mapping and of a list each member is looked at."""
    if key in _KEYS:
        return REDACTED
    if isinstance(value, str):
        return _PATTERNS.sub(_in_its_place, value)
    if isinstance(value, Mapping):
        return {name: redacted(one, str(name)) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(one, key) for one in value]
    return value


def _in_its_place(found: "re.Match[str]") -> str:
    kind = found.lastgroup
    if kind == "number":
        return f"[…{found[0][-_KEPT:]}]"
    if kind == "named":
        return f"{re.split('[=:]', found[0], maxsplit=1)[0]}={REDACTED}"
    if kind == "shared":
        return f"{found[0].rpartition('/')[0]}/{REDACTED}"
    if kind == "given":
        return f"input_value={REDACTED}"
    return f"[{kind}]" if kind == "email" else REDACTED
