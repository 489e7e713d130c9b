"""The web pages: their files, and what browsers let them do."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aws_lambda_powertools.event_handler import Response

from chat4all.http.static_files import StaticFiles, stamp

PAGES: Mapping[str, str] = {"/chat": "chat.html", "/upload": "upload.html"}
"""File of each page, by its path. What pages load is below `FILES`."""
FIRST_PAGE = "/chat"
"""Where a browser comes that asks for `/`."""
FILES = "/pages/"
SETTINGS = "settings.json"
"""Below `FILES`: where a page finds what it speaks to."""
HEADERS: Mapping[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer, beside its policy."""
FILE_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"
"""Of what pages load. A worker has the policy of its script (CSP Level 3, 4.2): SHA-256 runs in WebAssembly there, and
nothing is called."""


class WebPages:
    """The files below `root`. A page speaks to its own origin, the API, S3 and the WebSocket API, and loads nothing else."""

    def __init__(self, root: Path, storage: Callable[[], str], websocket_url: str) -> None:
        """`storage` tells the origin of S3."""
        self._root = root
        self._storage = storage
        self._websocket_url = websocket_url
        self._stamp = stamp(root)
        self._files = StaticFiles(root, FILES)

    def answer(self, method: str, name: str, asked: Mapping[str, str]) -> Response[Any]:
        """The file `name` for a request with the headers `asked`.

        Raises:
            NotFound, MethodNotAllowed.
        """
        if not name.startswith(f"{self._files.version}/"):
            self._read_again_when_saved()
        answer = self._files.answer(method, name, asked)
        answer.headers |= {**HEADERS, "Content-Security-Policy": self._policy(name)}
        return answer

    def _policy(self, name: str) -> str:
        return page_policy(self._storage(), self._websocket_url) if name.endswith(".html") else FILE_POLICY

    def _read_again_when_saved(self) -> None:
        """On a developer's machine the folder changes while a process lives; the address of a saved file has another version."""
        if (now := stamp(self._root)) != self._stamp:
            self._stamp, self._files = now, StaticFiles(self._root, FILES)


def page_policy(storage: str, websocket_url: str) -> str:
    """Content Security Policy (Level 3) of a page. Files go to `storage`, an origin, and are shown from there.

    Forms are sent by scripts.
    `'self'` of HTTP is no WebSocket of another host or port, so its origin is named, if there is one.
    """
    address = urlsplit(websocket_url)
    sockets = f" {address.scheme}://{address.netloc}" if websocket_url else ""
    return (
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; "
        f"img-src 'self' data: blob: {storage}; media-src 'self' blob: {storage}; "
        f"connect-src 'self' {storage}{sockets}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def page_settings(api_url: str, websocket_url: str, sign_in: Mapping[str, str]) -> dict[str, Any]:
    """What `/pages/settings.json` says: origin of the HTTP API and address of the WebSocket API, both for clients, and where a
    sign-in by a provider begins, by its name.
    """
    return {"api_url": api_url, "websocket_url": websocket_url, "sign_in": dict(sign_in)}


def sign_in_addresses(providers: Iterable[str], public_url: str) -> dict[str, str]:
    """Where sign-ins by these providers begin: by the API's own name, which has the cookie when they come back."""
    return {name: f"{public_url}/auth/{name}/login" for name in providers}
