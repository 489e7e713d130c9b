"""Pushing to connections: what the gateway answers decides, and nobody waits long."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from chat4all.websocket.push import ConnectionGone, Push, PushFailed


class Gateway(BaseHTTPRequestHandler):
    """@connections that answers what `answers` says, one after the other."""

    answers: list[tuple[int, str]]
    asked: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        self.asked.append(method)
        status, kind = self.answers.pop(0)
        self.send_response(status)
        if kind:
            self.send_header("x-amzn-ErrorType", kind)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_given: object) -> None:
        """Says nothing."""


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[type[Gateway], Push]]:
    for name, value in {"ACCESS_KEY_ID": "t", "SECRET_ACCESS_KEY": "t", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    handler = type("OneGateway", (Gateway,), {"answers": [], "asked": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield handler, Push(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


LIMIT = (429, "LimitExceededException")


def test_a_buffer_that_stays_full_fails_after_one_more_try(gateway: tuple[type[Gateway], Push]) -> None:
    handler, push = gateway
    handler.answers[:] = [LIMIT, LIMIT]
    with pytest.raises(PushFailed, match="LimitExceeded"):
        push.post("c=", b"{}")
    assert handler.asked == ["POST", "POST"]


@pytest.mark.parametrize("first", [LIMIT, (500, "InternalServerError")])
def test_what_passes_in_a_moment_is_no_failure(gateway: tuple[type[Gateway], Push], first: tuple[int, str]) -> None:
    handler, push = gateway
    handler.answers[:] = [first, (200, "")]
    push.post("c=", b"{}")
    assert handler.asked == ["POST", "POST"]


@pytest.mark.parametrize(
    ("answer", "is_transient"), [(LIMIT, True), ((503, ""), True), ((413, "PayloadTooLarge"), False)]
)
def test_a_failure_tells_whether_a_later_try_may_succeed(
    gateway: tuple[type[Gateway], Push], answer: tuple[int, str], is_transient: bool
) -> None:
    handler, push = gateway
    handler.answers[:] = [answer, answer]
    with pytest.raises(PushFailed) as failed:
        push.post("c=", b"{}")
    assert failed.value.is_transient is is_transient


def test_who_has_left_is_not_tried_again(gateway: tuple[type[Gateway], Push]) -> None:
    handler, push = gateway
    handler.answers[:] = [(410, "GoneException")]
    with pytest.raises(ConnectionGone):
        push.post("c=", b"{}")
    handler.answers[:] = [(410, "GoneException")]
    push.close("c=")
    assert handler.asked == ["POST", "DELETE"]


def test_a_gateway_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ACCESS_KEY_ID": "t", "SECRET_ACCESS_KEY": "t", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    push = Push("http://127.0.0.1:9")
    with pytest.raises(PushFailed):
        push.post("c=", b"{}")
    push.close("c=")
