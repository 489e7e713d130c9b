"""The WebSocket API as far as the page's frame needs it: acks, and events when a test tells one. The real one: tests/e2e."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol


class Hub:
    """Holds the connections of all users."""

    def __init__(self) -> None:
        self.is_down = False
        """Takes no new connections."""
        self._connections: dict[ServerConnection, str] = {}
        self._server = serve(
            self._hold,
            "127.0.0.1",
            0,
            process_request=self._refuse,
            select_subprotocol=lambda *_: Subprotocol("chat4all.v1"),
        )

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/"

    def tell(self, user_id: str, event: dict[str, Any]) -> None:
        """An event for each connection of the user."""
        frame = json.dumps({"time": rfc3339()} | event)
        for connection, owner in list(self._connections.items()):
            if owner == user_id:
                connection.send(frame)

    def is_here(self, user_id: str) -> bool:
        """Whether the user has a connection."""
        return user_id in self._connections.values()

    def cut(self) -> None:
        """End all connections, and take no others."""
        self.is_down = True
        for connection in list(self._connections):
            connection.close()

    def run(self) -> None:
        self._server.serve_forever()

    def end(self) -> None:
        self.cut()
        self._server.shutdown()

    def answers(self, _user_id: str, request: dict[str, Any]) -> list[dict[str, Any]]:
        """What the API says to a request of a user."""
        return _answers(request)

    def _refuse(self, connection: ServerConnection, _request: Request) -> Response | None:
        return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "down\n") if self.is_down else None

    def _hold(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        offered = connection.request.headers["Sec-WebSocket-Protocol"].split(", ")
        user_id = _subject(next(one for one in offered if one.startswith("bearer.")))
        self._connections[connection] = user_id
        try:
            for text in connection:
                for frame in self.answers(user_id, json.loads(text)):
                    connection.send(json.dumps(frame))
        except ConnectionClosed:
            pass
        finally:
            del self._connections[connection]


def _answers(request: dict[str, Any]) -> list[dict[str, Any]]:
    """What the API says to a request: nothing was missed, nobody is here."""
    data = request.get("data") or {}
    ack: dict[str, Any] = {"type": "ack", "id": request["id"], "data": {}}
    if request["action"] == "sync":
        done = {"conversations": data["conversations"], "other": [], "more": False}
        return [{"type": "sync.done", "time": rfc3339(), "data": done}, ack]
    if request["action"] == "heartbeat":
        expires = rfc3339(datetime.now(UTC) + timedelta(minutes=30))
        ack["data"] = {"time": rfc3339(), "interval": 30, "token_expires_at": expires, "presence": []}
    if request["action"] == "receipt":
        ack["data"] = {"delivered_seq": 0, "read_seq": 0} | data
    return [ack]


def rfc3339(time: datetime | None = None) -> str:
    """As the API writes times; without one, now."""
    return (time or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _subject(protocol: str) -> str:
    payload = protocol.split(".")[2]
    return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"])


Served = TypeVar("Served", bound=Hub)


@contextmanager
def serving(hub: Served) -> Iterator[Served]:
    """The same hub, while it serves."""
    thread = threading.Thread(target=hub.run)
    thread.start()
    try:
        yield hub
    finally:
        with suppress(ConnectionClosed):
            hub.end()
        thread.join()
