"""HTTP/1.1 as it is spoken, and as it is not."""

import http.client
import json
import resource
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.conformance.http_api.client import Api, read_answer, until, until_closed
from tests.conformance.http_api.conftest import Served

HEAD = b"HTTP/1.1\r\nHost: x\r\n"
WITHIN_S = 20
BAD_REQUEST = b'{"message":"Bad Request"}'


def until_true(holds: Callable[[], bool], what: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline, what()
        time.sleep(0.01)


def until_said(served: Served, text: str) -> None:
    until_true(lambda: text in served.process.said(), lambda: (text, served.process.said()))


def statuses(answers: bytes) -> list[int]:
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.statement("http.keep-alive")
def test_a_connection_is_used_again(plain: Api) -> None:
    connection = http.client.HTTPConnection(plain.host, plain.port, timeout=30)
    connection.connect()
    held = connection.sock
    for body in ("a", "b" * 100_000, None):
        connection.request("POST", "/echo", body)
        assert read_answer(connection).status == 200
        connection.request("POST", "/old/x/nothing", body)
        assert read_answer(connection).status == 200
    assert connection.sock is held
    connection.close()


@pytest.mark.statement("http.keep-alive")
def test_the_body_of_a_refused_request_is_read_over(named: Api) -> None:
    connection = http.client.HTTPConnection(named.host, named.port, timeout=30)
    for _ in range(3):
        connection.putrequest("POST", "/nothing")
        connection.putheader("content-length", "5")
        connection.endheaders()
        answer = read_answer(connection)
        assert (answer.status, answer.header("connection")) == (404, "keep-alive")
        connection.send(b"GET /")
    connection.close()


@pytest.mark.statement("http.keep-alive")
def test_who_asks_to_close_is_closed(plain: Api) -> None:
    for request in (b"GET /status/200 " + HEAD + b"Connection: close\r\n\r\n", b"GET /status/200 HTTP/1.0\r\n\r\n"):
        answer = plain.raw(request)
        assert answer.endswith(b"connection: close\r\n\r\na body")
    with plain.open() as connection:
        for _ in range(2):
            connection.sendall(b"GET /status/200 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert b"connection: keep-alive\r\n" in until(connection, b"a body")


@pytest.mark.statement("http.pipelining")
def test_pipelined_requests_are_answered_in_their_order(plain: Api) -> None:
    slow = b'{"nap": [0.3]}'
    requests = (
        b"POST /act " + HEAD + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(slow), slow)
    )
    for number in range(201, 206):
        requests += b"GET /status/%d %b\r\n" % (number, HEAD)
    answer = plain.raw(requests + b"GET /status/206 " + HEAD + b"Connection: close\r\n\r\n")
    assert statuses(answer) == [200, 201, 202, 203, 204, 205, 206]


@pytest.mark.statement("http.expect-continue")
def test_who_expects_100_is_told_to_go_on(plain: Api, named: Api) -> None:
    head = b"POST /echo " + HEAD + b"Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    with plain.open() as connection:
        connection.sendall(head)
        assert until(connection, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hi")
        assert b'"body": "aGk="' in until_closed(connection)
    assert named.raw(head).startswith(b"HTTP/1.1 404 Not Found\r\n")
    too_large = head.replace(b"Content-Length: 2", b"Content-Length: 99999999")
    assert plain.raw(too_large).startswith(b"HTTP/1.1 413 ")


@pytest.mark.statement("http.half-closed")
def test_a_client_that_has_closed_its_side_still_gets_the_answer(plain: Api) -> None:
    with plain.open() as connection:
        connection.sendall(b"GET /status/200 " + HEAD + b"\r\n")
        connection.shutdown(socket.SHUT_WR)
        assert until_closed(connection).endswith(b"a body")


BROKEN = {
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "words": b"hello there\r\n\r\n",
    "no host": b"GET /echo HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /echo " + HEAD + b"Host: y\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET /echo\r\n\r\n",
    "HTTP/3.0": b"GET /echo HTTP/3.0\r\nHost: x\r\n\r\n",
    "authority form": b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "asterisk form": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "another scheme": b"GET ftp://x/echo HTTP/1.1\r\nHost: x\r\n\r\n",
    "space in the target": b"GET /e cho HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in the target": "GET /echö HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
    "null in the target": b"GET /echo\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "null in a header": b"GET /echo " + HEAD + b"X-A: a\x00b\r\n\r\n",
    "null in a name": b"GET /echo " + HEAD + b"X\x00A: ab\r\n\r\n",
    "space before the colon": b"GET /echo " + HEAD + b"X-A : b\r\n\r\n",
    "folded header": b"GET /echo " + HEAD + b"X-A: a\r\n b\r\n\r\n",
    "bare line feeds": b"GET /echo HTTP/1.1\nHost: x\n\n",
    "length and chunks": b"POST /echo " + HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": b"POST /echo " + HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST /echo " + HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "two equal lengths": b"POST /echo " + HEAD + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "listed lengths": b"POST /echo " + HEAD + b"Content-Length: 5, 5\r\n\r\nhello",
    "negative length": b"POST /echo " + HEAD + b"Content-Length: -5\r\n\r\nhello",
    "signed length": b"POST /echo " + HEAD + b"Content-Length: +5\r\n\r\nhello",
    "no length at all": b"POST /echo " + HEAD + b"Content-Length: \r\n\r\nhello",
    "overflowing length": b"POST /echo " + HEAD + b"Content-Length: 99999999999999999999999\r\n\r\nhello",
    "other encoding": b"POST /echo " + HEAD + b"Transfer-Encoding: gzip\r\n\r\nhello",
    "chunked twice": b"POST /echo "
    + HEAD
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "chunk size of no number": b"POST /echo " + HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nab\r\n0\r\n\r\n",
    "huge chunk size": b"POST /echo " + HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\nab",
    "chunk longer than said": b"POST /echo " + HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n",
}


@pytest.mark.statement("http.broken-requests", "http.smuggling")
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_request_is_400_and_ends_the_connection(served: Served, name: str) -> None:
    """Also what follows it is not taken for a request."""
    answer = served.plain.raw(BROKEN[name], b"GET /status/299 " + HEAD + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n"), answer
    assert answer.endswith(BAD_REQUEST)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"connection: close\r\n" in answer


@pytest.mark.statement("http.broken-requests")
def test_what_came_before_a_broken_request_is_answered(plain: Api) -> None:
    answer = plain.raw(b"GET /status/201 " + HEAD + b"\r\nnonsense\r\n\r\n")
    assert statuses(answer) == [201, 400]


@pytest.mark.statement("http.broken-requests")
def test_a_head_that_does_not_end_is_refused(served: Served) -> None:
    with served.plain.open() as connection:
        connection.sendall(b"GET /echo " + HEAD)
        connection.sendall(b"X-A: " + b"a" * 100_000)
        answer = until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 431 ")
    until_said(served, "the head of a request is too large")


@pytest.mark.statement("http.broken-requests")
def test_an_upgrade_is_answered_as_a_plain_request(plain: Api) -> None:
    upgrade = b"GET /echo " + HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x00"
    answer = plain.raw(upgrade)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.count(b"HTTP/1.1 200") == 1


@pytest.mark.statement("http.half-requests")
def test_half_a_request_invokes_nothing(served: Served, tmp_path: Path) -> None:
    written = tmp_path / "written"
    act = b'{"nap": [0, "%b"]}' % str(written).encode()
    length = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (len(act) + 1)
    for half in (b"GET /ec", b"GET /echo HTTP/1.1\r\nHo", b"POST /act " + HEAD + length + act):
        for leave in (lambda one: one.shutdown(socket.SHUT_WR), reset):
            with served.plain.open() as connection:
                connection.sendall(half)
                leave(connection)
    assert served.plain.get("/echo").status == 200
    until_said(served, "left in mid-request")
    assert not written.exists()


def reset(connection: socket.socket) -> None:
    """Close without a goodbye."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.statement("http.client-leaves")
def test_a_function_goes_on_when_its_client_has_left(served: Served, tmp_path: Path) -> None:
    for number, leave in enumerate((socket.socket.close, reset)):
        began, written = tmp_path / f"began-{number}", tmp_path / f"written-{number}"
        act = json.dumps({"nap": [0.3, str(written), str(began)]}).encode()
        with served.plain.open() as connection:
            connection.sendall(
                b"POST /act "
                + HEAD
                + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(act), act)
            )
            until_true(began.exists, served.process.said)
            leave(connection)
        until_true(written.exists, served.process.said)
    until_said(served, "left before the answer to POST /act")
    assert served.plain.get("/echo").status == 200


@pytest.mark.statement("http.stalled-clients")
def test_clients_that_stall_are_answered_408_and_closed(hasty: Served) -> None:
    for stalled in (b"GE", b"GET /echo HTTP/1.1\r\nHost: x\r\n", b"GET /echo HTTP/1.1\r\nHost: x\r\nX-A"):
        answer = hasty.plain.raw(stalled)
        assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert answer.endswith(b'{"message":"Request Timeout"}')
    body = hasty.plain.raw(b"POST /echo " + HEAD + b"Content-Length: 10\r\n\r\nabc")
    assert body.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    until_said(hasty, "did not finish the head of a request in time")
    until_said(hasty, "did not finish the body of a request in time")


@pytest.mark.statement("http.stalled-clients")
def test_a_trickle_of_header_bytes_does_not_buy_time(hasty: Served) -> None:
    with hasty.plain.open() as connection:
        connection.setblocking(False)
        deadline = time.monotonic() + WITHIN_S
        received = b""
        while not received:
            assert time.monotonic() < deadline
            try:
                connection.send(b"G")
                time.sleep(0.02)
                received = connection.recv(65536)
            except BlockingIOError:
                continue
            except ConnectionError:
                break
    assert received.startswith((b"HTTP/1.1 408", b"HTTP/1.1 400")) or not received


@pytest.mark.statement("http.stalled-clients")
def test_idle_connections_are_closed_without_a_word(hasty: Served) -> None:
    assert hasty.plain.raw() == b""
    with hasty.plain.open() as connection:
        connection.sendall(b"GET /status/200 " + HEAD + b"\r\n")
        answer = until_closed(connection)
    assert answer.endswith(b"connection: keep-alive\r\n\r\na body")


@pytest.mark.statement("http.stalled-clients")
def test_a_client_that_does_not_read_its_answer_is_dropped(hasty: Served) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((hasty.plain.host, hasty.plain.port))
        act = b'{"fill": 6000000}'
        connection.sendall(
            b"POST /act " + HEAD + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(act), act)
        )
        until_said(hasty, "did not read its answer in time")


@contextmanager
def many_open_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16_384), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.statement("http.5000-connections")
def test_5_000_connections_do_not_keep_others_from_being_served(served: Served) -> None:
    """Half of them stall in a request. The stack was started with a limit of 1,024 open files."""
    stack = psutil.Process(served.process.process.pid)
    before = stack.memory_info().rss
    with many_open_files(), ExitStack() as opened:
        for number in range(5_000):
            connection = opened.enter_context(served.plain.open())
            if number % 2:
                connection.sendall(b"GET /echo HTTP/1.1\r\nHost: x\r\nX-A: ")
        until_true(lambda: len(stack.net_connections("tcp")) >= 5_000, lambda: len(stack.net_connections("tcp")))
        for _ in range(20):
            assert served.plain.get("/echo").status == 200
        each = (stack.memory_info().rss - before) / 5_000
        assert each < 16 * 1024
    until_true(lambda: len(stack.net_connections("tcp")) < 100, lambda: len(stack.net_connections("tcp")))
    assert served.plain.get("/echo").status == 200
