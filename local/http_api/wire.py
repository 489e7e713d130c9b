"""A response as bytes of HTTP/1.1 (RFC 9112)."""

import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from local.http_api.messages import Response

_REASONS = {status.value: status.phrase for status in HTTPStatus}
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def encode(response: Response, *, head_only: bool, keep_alive: bool) -> bytes:
    """The whole response. A HEAD request gets the headers that a GET would; 204 and 304 have no body and no length."""
    status, body = response.status, response.body
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, '')}"]
    dated = False
    for name, value in response.headers:
        lines.append(f"{name}: {value}")
        dated = dated or name == "date"
    if not dated:
        lines.append(_date_line(int(time.time())))
    bodiless = status in (204, 304)
    if not bodiless:
        lines.append(f"content-length: {len(body)}")
    lines.append("connection: keep-alive\r\n\r\n" if keep_alive else "connection: close\r\n\r\n")
    head = "\r\n".join(lines).encode(errors="replace")
    return head if head_only or bodiless or not body else head + body


@lru_cache(maxsize=1)
def _date_line(second: int) -> str:
    return f"date: {formatdate(second, usegmt=True)}"
