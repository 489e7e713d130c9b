"""How connections end."""

import json
import subprocess
import sys
import time

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.conformance.websocket_api.raw import CLOSE, PONG, TEXT, RawClient, frame
from tests.conformance.websocket_api.served import WITHIN_S, Served, context_of, until

pytestmark = pytest.mark.engines

WISH = b'{"action": "echo", "event": 1, "silent": 1}'
CLIENT = """
import sys, time
from websockets.sync.client import connect
with connect(sys.argv[1]) as client:
    client.send(sys.argv[2])
    print(client.recv(), flush=True)
    time.sleep(600)
"""


def end_of(served: Served, connection_id: str) -> tuple[int, str]:
    context = served.event("DISCONNECT", connection_id)["requestContext"]
    return context["disconnectStatusCode"], context["disconnectReason"]


def id_in(text: str | bytes) -> str:
    return str(json.loads(text)["requestContext"]["connectionId"])


def talk(client: ClientConnection) -> None:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        client.send('{"action": "echo", "silent": 1}')
        client.recv(WITHIN_S)


@pytest.mark.statement("websocket.close-by-client", "websocket.disconnect-event")
@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        (1000, "", (1000, "Connection Closed Normally")),
        (1001, "", (1001, "")),
        (1000, "done", (1000, "done")),
        (3000, "", (3000, "")),
        (4999, "ü" * 60, (4999, "ü" * 60)),
    ],
)
def test_the_close_frame_of_a_client_is_answered_and_told(
    served: Served, code: int, reason: str, told: tuple[int, str]
) -> None:
    with served.connect() as client:
        connection_id = context_of(client)["connectionId"]
        client.close(code, reason)
        assert client.protocol.close_rcvd is not None
        assert client.protocol.close_rcvd.code == code
    assert end_of(served, connection_id) == told


@pytest.mark.statement("websocket.close-by-client")
def test_a_close_frame_without_a_code_is_1005(served: Served) -> None:
    with RawClient(served.port(), "/?token=ann") as client:
        client.send(frame(TEXT, WISH))
        connection_id = id_in(client.receive()[2])
        client.send(frame(CLOSE))
        assert client.receive() == (CLOSE, True, b"")
        with pytest.raises(EOFError):
            client.receive()
    assert end_of(served, connection_id) == (1005, "Client-side close frame status not set")


@pytest.mark.statement("websocket.broken")
def test_a_killed_client_is_told(served: Served) -> None:
    command = [sys.executable, "-c", CLIENT, served.url(), WISH.decode()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as client:
        assert client.stdout is not None
        connection_id = id_in(client.stdout.readline())
        client.kill()
    assert end_of(served, connection_id)[0] == 1006


@pytest.mark.statement("websocket.broken")
def test_a_client_that_leaves_while_connect_runs_is_told(served: Served) -> None:
    before = {one["requestContext"]["connectionId"] for one in served.events("DISCONNECT")}
    with RawClient(served.port(), handshake=False) as client:
        client.send(
            b"GET /?token=leaver&sleep=1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        until(lambda: [one for one in served.events("CONNECT") if "leaver" in str(one)], "$connect")
    ids = {one["requestContext"]["connectionId"] for one in served.events("CONNECT") if "leaver" in str(one)} - before
    assert len(ids) == 1
    assert end_of(served, ids.pop())[0] == 1006


@pytest.mark.statement("websocket.idle")
def test_an_idle_connection_is_closed(hurried: Served) -> None:
    """After 2.5 s here; traffic in either direction keeps it open."""
    with hurried.connect() as client:
        context = context_of(client)
        management = hurried.management(context)
        began = time.monotonic()
        while time.monotonic() - began < 4:
            posted = time.monotonic()
            management.post_to_connection(ConnectionId=context["connectionId"], Data=b"x")
            assert client.recv(WITHIN_S) == "x"
            time.sleep(0.2)  # the time that passes is what is tested
        with pytest.raises(ConnectionClosed):
            client.recv(WITHIN_S)
        assert time.monotonic() - posted > 2.4
        assert (client.close_code, client.close_reason) == (1001, "Going away")
    assert end_of(hurried, context["connectionId"]) == (1001, "Going away")


@pytest.mark.statement("websocket.age")
def test_an_old_connection_is_closed_though_it_is_busy(hurried: Served) -> None:
    """After 7 s here."""
    began = time.monotonic()
    with hurried.connect() as client:
        connection_id = context_of(client)["connectionId"]
        with pytest.raises(ConnectionClosed):
            talk(client)
        assert time.monotonic() - began > 6.9
        assert client.close_code == 1001
    assert end_of(hurried, connection_id)[0] == 1001


@pytest.mark.statement("websocket.half-open", "websocket.no-pings")
def test_a_client_that_is_gone_without_a_word_is_noticed_when_idle(hurried: Served) -> None:
    """It answers nothing any more, not even the close frame; until then the gateway asks nothing of it."""
    with RawClient(hurried.port(), "/?token=ann") as client:
        client.send(frame(PONG, b"") + frame(TEXT, WISH))
        connection_id = id_in(client.receive()[2])
        assert end_of(hurried, connection_id) == (1001, "Going away")
        assert client.close_code() == (1001, "Going away")
        with pytest.raises((EOFError, ConnectionError)):
            client.receive()
