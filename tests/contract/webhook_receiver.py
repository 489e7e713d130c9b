"""A customer's server, as outgoing webhooks know it: it keeps what comes and answers as it is told."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chat4all.clock import now_ms


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    at_ms: int
    """By the clock of the world."""

    @property
    def event(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


class Receiver:
    """A customer's server. It answers 200, unless a path is told otherwise."""

    def __init__(self, clock: Callable[[], int] = now_ms) -> None:
        self.received: list[Received] = []
        self.statuses: dict[str, Callable[[int], int]] = {}
        """By path: the status of each request, which is counted from 0."""
        self.retry_after: dict[str, str] = {}
        """By path: what goes with every answer."""
        self._clock = clock
        self._lock = threading.Lock()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = False

    @contextmanager
    def serving(self) -> Iterator["Receiver"]:
        """Answers as long as the block lasts."""
        thread = threading.Thread(target=self.http.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self.http.shutdown()
            thread.join()
            self.http.server_close()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.http.server_port}/{path}"

    def at(self, path: str) -> list[Received]:
        """What came there, in order."""
        return [each for each in self.received if each.path == f"/{path}"]

    def contents(self, path: str) -> list[str]:
        """Texts of the messages that were taken there (2xx) or not, in order."""
        return [each.event["data"].get("content", each.event["type"]) for each in self.at(path)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                names = {name.lower(): value for name, value in self.headers.items()}
                path = self.path.strip("/")
                with receiver._lock:
                    number = len(receiver.at(path))
                    receiver.received.append(Received(self.path, names, body, receiver._clock()))
                self.send_response(receiver.statuses.get(path, _ok)(number))
                self.send_header("content-length", "0")
                if path in receiver.retry_after:
                    self.send_header("retry-after", receiver.retry_after[path])
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                """Quiet."""

        return Handler


def _ok(_number: int) -> int:
    return 200
