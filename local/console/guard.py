"""Who may ask: only pages of the console itself, and programs on this machine that say so.

A page of another site can make a browser send requests to 127.0.0.1. It cannot set Host, Origin or Sec-Fetch-Site.
"""

from collections.abc import Mapping

from aiohttp import web
from aiohttp.typedefs import Handler

from local.console.answers import error
from local.host_header import host_name
from local.page_headers import PAGE_HEADERS

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_READS = frozenset({"GET", "HEAD"})


def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine: by another name it came through a rebound DNS entry."""
    return host_name(host) in _LOOPBACK


def refusal(method: str, headers: Mapping[str, str], *, upgrade: bool) -> tuple[int, str] | None:
    """Status and reason why a request to the API is refused; None where it is not."""
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        return 403, f"the request comes from another site (Sec-Fetch-Site: {site})"
    own = f"http://{headers.get('Host', '')}"
    if origin is not None and origin != own:
        return 403, f"the request comes from {origin}, not from {own}"
    if method in _READS and not upgrade:
        return None
    if origin is None and site != "same-origin":
        return 403, f"what changes something needs the header Origin: {own}"
    content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not upgrade and content_type != "application/json":
        return 415, f"the content type must be application/json, not {content_type or 'none'}"
    return None


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other names of the host everywhere, and other origins at the API."""
    host = request.headers.get("Host", "")
    if not is_loopback(host):
        return error(421, f"this console answers on loopback names only, not as {host[:100]!r}")
    if request.path.startswith("/api/"):
        upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
        refused = refusal(request.method, request.headers, upgrade=upgrade)
        if refused is not None:
            return error(*refused)
    return await handler(request)


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Signal `on_response_prepare`: the headers of every page and answer."""
    for name, value in PAGE_HEADERS.items():
        response.headers.setdefault(name, value)
