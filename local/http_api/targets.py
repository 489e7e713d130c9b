"""What the head of a request says, as the gateway reads it."""

from collections.abc import Awaitable, Callable

from local.http_api.incoming import Incoming
from local.http_api.messages import Request

_VERSIONS = {"1.0": "HTTP/1.0", "1.1": "HTTP/1.1"}


def read_request(incoming: Incoming, source_ip: str, read_body: Callable[[int], Awaitable[bytes]]) -> Request | None:
    """The request; None for one that a server must refuse with 400 (RFC 9112, 2.3, 3.2 and 3.2.2)."""
    protocol = _VERSIONS.get(incoming.version)
    if protocol is None or not _has_host(incoming):
        return None
    split = split_target(incoming.target.decode("latin-1"))
    if split is None:
        return None
    path, query_string = split
    return Request(
        incoming.method, path, query_string, incoming.headers, incoming.head_bytes, protocol, source_ip, read_body
    )


def split_target(target: str) -> tuple[str, str] | None:
    """Path and query string of a target in origin form or, as clients of proxies send it, in absolute form."""
    if not target.startswith("/"):
        scheme, separator, rest = target.partition("://")
        if not separator or scheme.lower() not in ("http", "https"):
            return None
        authority, slash, rest = rest.partition("/")
        if "?" in authority:
            return "/", authority.partition("?")[2] + slash + rest
        target = f"/{rest}"
    path, _, query_string = target.partition("?")
    return path, query_string


def _has_host(incoming: Incoming) -> bool:
    hosts = [name for name, _ in incoming.headers].count("host")
    return hosts == 1 or (hosts == 0 and incoming.version == "1.0")
