"""A browser tab with the JavaScript live client and a server for it, both in the page: no function, engine or stack is needed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.local.console.browser import Browser, Page

ROOT = Path(__file__).resolve().parents[3]
PAGE = "/tests/contract/live_client/page/index.html"
CLIENT = "/clients/javascript/chat4all/"


class Modules(ThreadingHTTPServer):
    """Serves the work tree. `/changed/<name>/…` is the same with a file of the client changed, as a mistake would."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), partial(_Request, directory=str(ROOT)))
        self.changes: dict[str, tuple[str, str, str]] = {}
        """By name: the file below `live/`, what stands there, and what in its place."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Request(SimpleHTTPRequestHandler):
    server: Modules
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self.path.startswith("/changed/"):
            return super().do_GET()
        name, path = self.path.removeprefix("/changed/").split("/", 1)
        file, old, new = self.server.changes[name]
        text = (ROOT / path).read_text()
        if path.endswith(f"/live/{file}"):
            assert text.count(old) == 1, f"{file} says {text.count(old)} times: {old}"
            text = text.replace(old, new)
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


@contextmanager
def serving() -> Iterator[Modules]:
    server = Modules()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="package")
def modules() -> Iterator[Modules]:
    with serving() as server:
        yield server


@pytest.fixture
def page(browser: Browser, modules: Modules) -> Iterator[Page]:
    """A tab of its own. What it logs as an error fails the test."""
    with browser.open(modules.url + PAGE) as page:
        page.until_text("ready")
        yield page
        assert page.problems == []
        page.close()
