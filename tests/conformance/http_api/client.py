"""A client that hides nothing: http.client for what is HTTP, a socket for what is not."""

import contextlib
import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT_S = 30


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    """Names in lower case."""
    body: bytes

    def header(self, name: str) -> str | None:
        values = self.all(name)
        assert len(values) < 2, values
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def shape(self) -> tuple[int, str]:
        return self.status, self.body.decode()


@dataclass(frozen=True)
class Api:
    host: str
    port: int

    def request(
        self,
        method: str,
        target: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request on a connection of its own; the target goes on the wire as it stands."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_S)
        with contextlib.closing(connection):
            connection.request(method, target, body, dict(headers or {}))
            return read_answer(connection)

    def get(self, target: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.request("GET", target, None, headers)

    def act(self, path: str = "/act", **act: Any) -> Answer:
        """Have the function do what its module says: one act and its argument."""
        return self.request("POST", path, json.dumps(act), {"content-type": "application/json"})

    def answers(self, answer: Any, path: str = "/act") -> Answer:
        """Have the function return this."""
        return self.act(path, answer=answer)

    @contextlib.contextmanager
    def open(self) -> Iterator[socket.socket]:
        with socket.create_connection((self.host, self.port), timeout=TIMEOUT_S) as connection:
            yield connection

    def raw(self, *pieces: bytes) -> bytes:
        """All that the gateway sends until it closes."""
        with self.open() as connection:
            for piece in pieces:
                connection.sendall(piece)
            return until_closed(connection)


def read_answer(connection: http.client.HTTPConnection) -> Answer:
    response = connection.getresponse()
    headers = [(name.lower(), value) for name, value in response.getheaders()]
    return Answer(response.status, headers, response.read())


def until_closed(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


def until(connection: socket.socket, end: bytes) -> bytes:
    received = b""
    while not received.endswith(end):
        piece = connection.recv(65536)
        assert piece, received
        received += piece
    return received
