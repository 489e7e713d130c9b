"""A server on a free port that gives prepared answers and remembers what it was asked: fakes at the wire."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Lower-case names."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """One answer; `body` is JSON, or bytes as they are. `hangs_up`: the connection is closed instead."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs_up: bool = False


class RecordedServer:
    """Answers what `at` has for a path; others `answers` one after the other, the last one again and again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.answers: list[Answer] = [Answer()]
        self.at: dict[str, Answer] = {}

    def next_answer(self, path: str) -> Answer:
        """The path's, else the next one; the last stays."""
        if path in self.at:
            return self.at[path]
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def recorded_server() -> Iterator[RecordedServer]:
    """Runs until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            recorded.asked.append(Asked(self.command, self.path, headers, body))
            answer = recorded.next_answer(self.path)
            if answer.hangs_up:
                self.close_connection = True
                return
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in ({"Content-Length": str(len(content))} | dict(answer.headers)).items():
                if value:  # an empty one takes a header away
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_PUT = handle_any

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # clients may hang up
        recorded = RecordedServer(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield recorded
        finally:
            server.shutdown()
            thread.join()
