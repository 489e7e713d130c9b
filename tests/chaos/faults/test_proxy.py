"""The proxy between a client and a server: each conduct is what the ends see."""

import gc
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest

from tests.chaos.faults.proxy import Conduct, Proxy


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that answers each line, and `end` when the client has said all."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                while data := connection.recv(1024):
                    connection.sendall(data)
                connection.sendall(b"end\n")

        def serve() -> None:
            with suppress(OSError):
                while True:
                    Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

        Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


@contextmanager
def through(port: int) -> Iterator[tuple[Proxy, socket.socket]]:
    with Proxy(port) as proxy, socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as client:
        yield proxy, client


def test_all_passes(echo: int) -> None:
    with through(echo) as (proxy, client):
        client.sendall(b"hello\n")
        assert client.recv(100) == b"hello\n"
        client.shutdown(socket.SHUT_WR)
        assert client.recv(100) == b"end\n"
        assert proxy.connections == 1


def test_a_slow_one_takes_its_time(echo: int) -> None:
    with through(echo) as (proxy, client):
        proxy.conduct = Conduct(latency_s=0.1, bytes_per_s=100)
        began = time.monotonic()
        client.sendall(b"0123456789")
        assert client.recv(100) == b"0123456789"
        assert time.monotonic() - began >= 0.4


def test_a_silent_one_gives_all_when_it_speaks_again(echo: int) -> None:
    with through(echo) as (proxy, client):
        proxy.conduct = Conduct(silent=True)
        client.sendall(b"hello\n")
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.recv(100)
        proxy.conduct = Conduct()
        client.settimeout(10)
        assert client.recv(100) == b"hello\n"


def test_a_half_closed_one_hears_and_is_not_heard(echo: int) -> None:
    with through(echo) as (proxy, client):
        proxy.conduct = Conduct(half_close=True)
        client.sendall(b"hello\n")
        assert client.recv(100) == b"end\n"


def test_an_answer_is_lost(echo: int) -> None:
    with through(echo) as (proxy, client):
        proxy.conduct = Conduct(reset_answers=True)
        client.sendall(b"hello\n")
        with pytest.raises(ConnectionResetError):
            client.recv(100)
        assert proxy.resets == 1


def test_a_client_that_is_gone_leaves_nothing_that_the_collector_finds(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, Proxy(server.getsockname()[1]) as proxy:
        client = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
        client.sendall(b"x")
        with server.accept()[0] as behind:
            assert behind.recv(1) == b"x"
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()  # a reset, as kill -9 of its process makes where something is unread
            deadline = time.monotonic() + 1
            while time.monotonic() < deadline and not caplog.records:
                gc.collect()
                time.sleep(0.05)
    assert caplog.records == []
