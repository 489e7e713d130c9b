"""What every answer tells browsers, whatever it is; pages say more (web_pages, reference_pages, shared_file_page)."""

from collections.abc import Mapping
from typing import Any

SECURITY_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""An answer of the API is shown by nobody, framed by nobody, kept by nobody (RFC 9111, 5.2.2.5), and is of the type it says
(Fetch Standard, 3.6; CSP Level 3; HTML Living Standard, 7.1.3)."""
HSTS = "max-age=63072000"
"""RFC 6797: two years. Names below this one may be somebody else's, so they are not included."""


def secured(answer: dict[str, Any], *, is_https: bool) -> dict[str, Any]:
    """`answer` (payload 2.0) with the headers that it has not given itself.

    `is_https`: whether the deployment is reached by HTTPS; over HTTP browsers leave HSTS out (RFC 6797, 8.1).
    """
    given = answer.get("headers") or {}
    names = {name.lower() for name in given}
    wanted = {**SECURITY_HEADERS, **({"Strict-Transport-Security": HSTS} if is_https else {})}
    missing = {name: value for name, value in wanted.items() if name.lower() not in names}
    return answer | {"headers": missing | given}
