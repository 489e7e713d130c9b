"""How a request's parts are written into an event, whichever its version."""

import base64
from urllib.parse import parse_qsl, unquote

from local.api_gateway import new_trace_id
from local.http_api.messages import Headers, Request

TEXT_TYPES = frozenset(
    {
        "text/plain",
        "text/html",
        "text/csv",
        "text/xml",
        "application/json",
        "application/xml",
        "application/javascript",
        "application/graphql",
    }
)
"""Bodies that reach the function as text; all others as base64, `application/x-www-form-urlencoded` included.

Measured by a third party on AWS, not documented by it.
"""

_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)


def encode_body(body: bytes, content_type: str | None) -> tuple[str, bool]:
    """Body of the event and its `isBase64Encoded`. Text that is not UTF-8 goes as base64 too."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type in TEXT_TYPES:
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def decoded_path(path: str) -> str:
    """Path as HTTP APIs give it to functions: percent-decoded, and cut at a `?` that was encoded.

    Both were seen on AWS (captures in hotsock/voker#8); REST APIs and function URLs keep the encoding.
    """
    return unquote(path).partition("?")[0] if "%" in path else path


def query_items(query_string: str) -> list[tuple[str, str]]:
    return parse_qsl(query_string, keep_blank_values=True)


def forwarded_headers(request: Request, port: int) -> Headers:
    """Headers that the function sees: the client's without hop-by-hop ones, and those that API Gateway adds."""
    headers: Headers = []
    forwarded_for: list[str] = []
    missing = {"content-length", "x-amzn-trace-id"}
    for item in request.headers:
        name = item[0]
        if name == "x-forwarded-for":
            forwarded_for.append(item[1])
        elif name not in _HOP_BY_HOP and not name.startswith("x-forwarded-"):
            headers.append(item)
            missing.discard(name)
    if "content-length" in missing:
        headers.append(("content-length", "0"))
    if "x-amzn-trace-id" in missing:
        headers.append(("x-amzn-trace-id", new_trace_id()))
    headers.append(("x-forwarded-for", ", ".join([*forwarded_for, request.source_ip])))
    headers.append(("x-forwarded-port", str(port)))
    headers.append(("x-forwarded-proto", "http"))
    return headers


def fold(items: list[tuple[str, str]]) -> dict[str, str]:
    """Repeats joined by a comma, as payload 2.0 has headers and query parameters."""
    folded: dict[str, str] = {}
    for name, value in items:
        folded[name] = f"{folded[name]},{value}" if name in folded else value
    return folded


def group(items: list[tuple[str, str]]) -> dict[str, list[str]]:
    """All values of each name, as payload 1.0 has them in its `multiValue` maps."""
    grouped: dict[str, list[str]] = {}
    for name, value in items:
        grouped.setdefault(name, []).append(value)
    return grouped
