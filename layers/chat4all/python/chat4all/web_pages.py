"""The web pages: their files, and what browsers let them do."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response

from chat4all.http.static_files import StaticFiles, stamp

_ALL = {"Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer"}
# A worker has the policy of its script (CSP Level 3, 4.2): SHA-256 runs in WebAssembly there, and nothing is called.
_SCRIPT_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"
_OTHER_POLICY = "default-src 'none'"


class WebPages:
    """The files below `root`. A page speaks to its own origin, the API, and to S3, and loads nothing from elsewhere."""

    def __init__(self, root: Path, storage: Callable[[], str]) -> None:
        """`storage` tells the origin of S3."""
        self._root = root
        self._storage = storage
        self._stamp = stamp(root)
        self._files = StaticFiles(root)

    def answer(self, method: str, name: str, asked: Mapping[str, str]) -> Response[Any]:
        """The file `name` for a request with the headers `asked`.

        Raises:
            NotFound, MethodNotAllowed.
        """
        self._read_again_when_saved()
        answer = self._files.answer(method, name, asked)
        answer.headers |= _ALL | {"Content-Security-Policy": self._policy(name)}
        return answer

    def _policy(self, name: str) -> str:
        if name.endswith(".html"):
            return page_policy(self._storage())
        return _SCRIPT_POLICY if name.endswith(".js") else _OTHER_POLICY

    def _read_again_when_saved(self) -> None:
        """On a developer's machine the folder changes while a process lives."""
        if (now := stamp(self._root)) != self._stamp:
            self._stamp, self._files = now, StaticFiles(self._root)


def page_policy(storage: str) -> str:
    """Content Security Policy (Level 3) of a page that puts files into `storage`, an origin. Forms are sent by its scripts."""
    return (
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' {storage}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
