"""One exchange with a server that does its worst: it ends in time, takes little, goes nowhere else, and says what it was."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpcore
import pytest

from chat4all.webhooks.exchange import Exchange, Outcome
from tests.contract.hostile_server import (
    Behaviour,
    HostileServer,
    answering,
    half_closing,
    hanging,
    hanging_up,
    hostile_server,
    not_reading,
    repeating,
    without_reading,
)

HEADERS = {"webhook-id": "0199f3a5-9b31-7a11-b2c3-d4e5f6a7b8c9"}
WITHIN_S = 0.8
"""In the place of 15 s."""
MEGABYTE = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def exchange() -> Exchange:
    return Exchange({"127.0.0.1"}, within_s=WITHIN_S)


@pytest.fixture(autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    yield
    deadline = time.monotonic() + 10
    while any(thread.name == "deadline" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def post(
    exchange: Exchange, behaviour: Behaviour, body: bytes = b"{}", scheme: str = "http"
) -> tuple[Outcome, HostileServer]:
    with hostile_server(behaviour) as server:
        return exchange.post(server.url.replace("http", scheme, 1), HEADERS, body), server


def test_what_is_sent_is_one_post_with_the_signed_bytes(exchange: Exchange) -> None:
    body = '{"content":"Olá"}'.encode()
    outcome, server = post(exchange, answering(OK + b"content-length: 2\r\n\r\nok"), body)
    assert (outcome.status_code, outcome.error, outcome.is_delivered) == (200, None, True)
    (request,) = server.requests
    head, _, sent = request.partition(b"\r\n\r\n")
    assert sent == body
    lines = head.decode().lower().split("\r\n")
    assert lines[0] == "post /hook http/1.1"
    assert {
        f"host: 127.0.0.1:{server.port}",
        "content-type: application/json",
        f"webhook-id: {HEADERS['webhook-id']}",
    } <= set(lines)


@pytest.mark.parametrize(
    ("status", "is_delivered"),
    [(200, True), (204, True), (299, True), (300, False), (400, False), (410, False), (503, False)],
)
def test_only_2xx_is_delivered(exchange: Exchange, status: int, is_delivered: bool) -> None:
    outcome, _ = post(exchange, answering(b"HTTP/1.1 %d X\r\ncontent-length: 0\r\nretry-after: 7\r\n\r\n" % status))
    assert (outcome.status_code, outcome.is_delivered, outcome.retry_after) == (status, is_delivered, "7")


@pytest.mark.parametrize(
    "location", ["/hook", "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "file:///etc/passwd"]
)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(exchange: Exchange, status: int, location: str) -> None:
    text = b"HTTP/1.1 %d X\r\nlocation: %s\r\ncontent-length: 0\r\n\r\n" % (status, location.encode())
    outcome, server = post(exchange, answering(text))
    assert (outcome.status_code, outcome.is_delivered, server.connections) == (status, False, 1)


IN_TIME: dict[str, Behaviour] = {
    "hangs": hanging,
    "answers a byte at a time": repeating(b"", b"H", pause_s=0.02),
    "has a header without end, slowly": repeating(OK + b"x: ", b"y", pause_s=0.02),
    "says only that it goes on": repeating(b"", b"HTTP/1.1 102 Processing\r\n\r\n", pause_s=0.02),
    "does not read": not_reading,
}


@pytest.mark.parametrize("how", IN_TIME)
def test_who_does_not_answer_in_time_is_a_timeout(exchange: Exchange, how: str) -> None:
    outcome, _ = post(exchange, IN_TIME[how], b"x" * 20 * MEGABYTE if how == "does not read" else b"{}")
    assert (outcome.status_code, outcome.is_delivered) == (None, False)
    assert outcome.error == "timeout: no answer in time"
    assert 1000 * WITHIN_S <= outcome.duration_ms < 10_000


@pytest.mark.parametrize("behaviour", [hanging, repeating(b"", b"\x16", pause_s=0.02)], ids=["hangs", "drips"])
def test_a_handshake_of_tls_ends_in_time(exchange: Exchange, behaviour: Behaviour) -> None:
    outcome, _ = post(exchange, without_reading(behaviour), scheme="https")
    assert outcome.status_code is None
    assert outcome.error is not None
    assert outcome.duration_ms < 10_000


def test_a_certificate_of_nobody_is_refused(exchange: Exchange) -> None:
    outcome, server = post(exchange, without_reading(answering(b"220 smtp.example ESMTP\r\n")), scheme="https")
    assert (outcome.status_code, server.connections) == (None, 1)
    assert outcome.error is not None
    assert outcome.error.startswith("unreachable: ")


BROKEN: dict[str, tuple[Behaviour, str]] = {
    "hangs up": (hanging_up, "bad_answer"),
    "half-closes": (half_closing, "bad_answer"),
    "greets as a mail server": (answering(b"220 smtp.example ESMTP\r\n"), "bad_answer"),
    "has headers without end": (repeating(OK, b"x: " + b"y" * 1000 + b"\r\n"), "bad_answer"),
    "has a header without end": (repeating(OK + b"x: ", b"y" * 1000), "bad_answer"),
    "has no such status": (answering(b"HTTP/1.1 99999 X\r\n\r\n"), "bad_answer"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_no_answer_is_told_as_that(exchange: Exchange, how: str) -> None:
    behaviour, word = BROKEN[how]
    outcome, _ = post(exchange, behaviour)
    assert (outcome.status_code, (outcome.error or "").partition(":")[0]) == (None, word)
    assert len(outcome.error or "") < 250


BODIES: dict[str, Behaviour] = {
    "10 GB": repeating(OK + b"content-length: 10737418240\r\n\r\n", b"x" * 65_536),
    "chunks without end": repeating(OK + b"transfer-encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
    "a byte at a time": repeating(OK + b"content-length: 1000000\r\n\r\n", b"x", pause_s=0.02),
    "nothing of what it promised": repeating(OK + b"content-length: 9\r\n\r\n", b"", pause_s=0.02),
    "a chunk that is none": answering(OK + b"transfer-encoding: chunked\r\n\r\nzz\r\n"),
    "cut off": answering(OK + b"content-length: 100\r\n\r\nhalf"),
    "compressed without end": repeating(OK + b"content-encoding: gzip\r\n\r\n\x1f\x8b\x08", b"\x00" * 65_536),
}


@pytest.mark.parametrize("how", BODIES)
def test_an_answer_counts_by_its_status_and_its_body_is_dropped(how: str) -> None:
    sent = []

    def counted(connection: socket.socket, over: threading.Event) -> None:
        class Counting:
            def sendall(self, data: bytes) -> None:
                connection.sendall(data)
                sent.append(len(data))

        BODIES[how](Counting(), over)  # type: ignore[arg-type]

    outcome, _ = post(Exchange({"127.0.0.1"}), counted)
    assert (outcome.status_code, outcome.error, outcome.is_delivered) == (200, None, True)
    assert sum(sent) < 16 * MEGABYTE, "what buffers of both ends hold"
    assert outcome.duration_ms < 10_000


def test_nobody_there(exchange: Exchange) -> None:
    with hostile_server(hanging_up) as server:
        pass
    outcome = exchange.post(server.url, HEADERS, b"{}")
    assert (outcome.status_code, (outcome.error or "").partition(":")[0]) == (None, "unreachable")


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What is connected to, instead of connecting."""
    made: list[tuple[str, int]] = []

    class Backend(httpcore.SyncBackend):
        def connect_tcp(self, host: str, port: int, *_arguments: Any) -> httpcore.NetworkStream:
            made.append((host, port))
            raise httpcore.ConnectError("not in a test")

    monkeypatch.setattr(httpcore, "SyncBackend", Backend)
    return made


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names mean these addresses, at one look-up after the other; what was looked up."""
    asked: list[str] = []

    def look_up(host: str, *_arguments: Any) -> Any:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        if not found:
            raise socket.gaierror("not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_name_that_changes_its_address_is_asked_once_and_connected_to_as_it_was(
    exchange: Exchange, dialled: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolving(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    first = exchange.post("https://rebinding.example:8443/", HEADERS, b"{}")
    assert (dialled, asked) == ([("93.184.215.14", 8443)], ["rebinding.example"])
    assert first.error == "unreachable: not in a test"
    second = exchange.post("https://rebinding.example:8443/", HEADERS, b"{}")
    assert len(dialled) == 1
    assert second.error == "private_address: rebinding.example has no public address"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "192.0.0.8",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_private_addresses_are_never_dialled(
    exchange: Exchange, dialled: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolving(monkeypatch, [address])
    outcome = exchange.post("https://inside.example/", HEADERS, b"{}")
    assert (outcome.error or "").startswith("private_address: ")
    assert dialled == []


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ],
)
def test_other_forms_of_addresses_lead_nowhere(exchange: Exchange, dialled: list[tuple[str, int]], host: str) -> None:
    """Also where one got past the registration: the resolver of the system reads them."""
    outcome = exchange.post(f"https://{host}/", HEADERS, b"{}")
    assert (outcome.error or "").partition(":")[0] in ("private_address", "unresolved")
    assert dialled == []


def test_of_several_addresses_a_public_one_is_taken(
    exchange: Exchange, dialled: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, ["10.0.0.1", "93.184.215.14"])
    exchange.post("https://both.example/", HEADERS, b"{}")
    assert dialled == [("93.184.215.14", 443)]


def test_a_name_without_an_address_and_a_resolver_that_hangs(
    exchange: Exchange, dialled: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, [])
    assert (exchange.post("https://nowhere.example/", HEADERS, b"{}").error or "").startswith(
        "unresolved: nowhere.example"
    )
    over = threading.Event()

    def hang(*_arguments: Any) -> Any:
        over.wait(20)
        raise socket.gaierror("late")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    outcome = exchange.post("https://slow.example/", HEADERS, b"{}")
    over.set()
    assert (outcome.error or "").startswith("unresolved: slow.example")
    assert outcome.duration_ms < 10_000
    assert dialled == []
