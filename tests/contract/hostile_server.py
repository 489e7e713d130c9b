"""A server of webhooks that does what its test tells it to, on raw sockets: libraries are too well-behaved for it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket, threading.Event], None]
"""What is done with a connection; the event is set when the test is over."""


@dataclass
class HostileServer:
    """Listens on loopback."""

    port: int
    behaviour: Behaviour
    requests: list[bytes] = field(default_factory=list)
    """What was read of each connection before the behaviour began."""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def connections(self) -> int:
        return len(self.requests)

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(30)
            self.requests.append(b"")
            if not getattr(self.behaviour, "reads_nothing", False):
                self.requests[-1] = read_request(connection)
            self.behaviour(connection, self.over)


@contextmanager
def hostile_server(behaviour: Behaviour) -> Iterator[HostileServer]:
    """One that is gone after the block."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = HostileServer(listener.getsockname()[1], behaviour)
    threads: list[threading.Thread] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                thread = threading.Thread(target=server.serve, args=(connection,))
                threads.append(thread)
                thread.start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield server
    finally:
        server.over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in (accepting, *threads):
            thread.join(30)


def read_request(connection: socket.socket) -> bytes:
    """Head and body of one request, by its Content-Length."""
    read = b""
    while b"\r\n\r\n" not in read:
        piece = connection.recv(65_536)
        if not piece:
            return read
        read += piece
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length and (piece := connection.recv(65_536)):
        body += piece
    return head + b"\r\n\r\n" + body


def answering(text: bytes) -> Behaviour:
    """These very bytes."""

    def answer(connection: socket.socket, _over: threading.Event) -> None:
        connection.sendall(text)

    return answer


def repeating(first: bytes, then: bytes, pause_s: float = 0.0) -> Behaviour:
    """`first`, and `then` again and again, as long as somebody listens."""

    def repeat(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(first)
        while not over.wait(pause_s):
            connection.sendall(then)

    return repeat


def hanging(connection: socket.socket, over: threading.Event) -> None:
    """Nothing at all."""
    over.wait(30)


def hanging_up(connection: socket.socket, over: threading.Event) -> None:
    """The end, without an answer."""


def half_closing(connection: socket.socket, over: threading.Event) -> None:
    """Says that it has nothing to say, and goes on listening."""
    connection.shutdown(socket.SHUT_WR)
    over.wait(30)


def not_reading(connection: socket.socket, over: threading.Event) -> None:
    """Takes nothing off the wire."""
    over.wait(30)


not_reading.reads_nothing = True  # type: ignore[attr-defined]


def without_reading(behaviour: Behaviour) -> Behaviour:
    """Begins before anything was said, as where TLS is spoken."""

    def begin(connection: socket.socket, over: threading.Event) -> None:
        behaviour(connection, over)

    begin.reads_nothing = True  # type: ignore[attr-defined]
    return begin
