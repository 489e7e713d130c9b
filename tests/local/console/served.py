"""The console of a running stack, as its page speaks to it."""

import http.client
import json
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from local.endpoints import Endpoints

T = TypeVar("T")
_WITHIN_S = 30


class Served:
    def __init__(self, endpoints: Endpoints) -> None:
        self.endpoints = endpoints
        self.origin = endpoints.console_url

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """Status and JSON. Without `headers`, with those of the console's own page."""
        if headers is None:
            headers = {"Origin": self.origin, "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(self.endpoints.host, self.endpoints.console_port, timeout=60)
        try:
            connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        status, body = self.send("GET", path)
        assert status == 200, body
        return body

    def post(self, path: str, body: Any) -> Any:
        status, answer = self.send("POST", path, body)
        assert status == 200, answer
        return answer

    def invoke(self, event: Any, function: str = "shop-EchoFunction") -> Any:
        return self.post(f"/api/functions/{quote(function)}/invocations", {"event": event})

    def live(self) -> ClientConnection:
        return connect(f"ws://{self.endpoints.host}:{self.endpoints.console_port}/api/live", origin=Origin(self.origin))


def until(look: Callable[[], T | None]) -> T:
    """What `look` finds first."""
    deadline = time.monotonic() + _WITHIN_S
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
