"""Frames: their limits, and those that should not be."""

import json
import time
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.conformance.websocket_api.raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, RawClient, frame
from tests.conformance.websocket_api.served import WITHIN_S, Served, context_of

pytestmark = pytest.mark.engines

FRAME = 32 * 1024
MESSAGE = 128 * 1024


def raw(served: Served) -> tuple[RawClient, str]:
    """A client of the main API, and its connection id."""
    client = RawClient(served.port(), "/?token=ann")
    client.send(frame(TEXT, b'{"action": "echo", "event": 1, "silent": 1}'))
    return client, json.loads(client.receive()[2])["requestContext"]["connectionId"]


def disconnected(served: Served, connection_id: str) -> int:
    return int(served.event("DISCONNECT", connection_id)["requestContext"]["disconnectStatusCode"])


def closed_by(client: ClientConnection, message: str | bytes | list[str], **options: bool) -> int | None:
    """The code that sending `message` closes with, which a client learns while it still sends or when it reads."""
    with suppress(ConnectionClosed):
        client.send(message, **options)
    with pytest.raises(ConnectionClosed):
        client.recv(WITHIN_S)
    return client.close_code


@pytest.mark.statement("websocket.frame-size")
def test_a_frame_of_32_kb_arrives_and_a_larger_one_closes(served: Served) -> None:
    with served.connect() as client:
        connection_id = context_of(client)["connectionId"]
        client.send("x" * FRAME)
        assert client.recv(WITHIN_S) == f"$default: {FRAME}"
        assert closed_by(client, "x" * (FRAME + 1)) == 1009
    assert disconnected(served, connection_id) == 1009


@pytest.mark.statement("websocket.message-size", "websocket.fragments")
def test_a_message_of_128_kb_arrives_and_a_larger_one_closes(served: Served) -> None:
    with served.connect() as client:
        connection_id = context_of(client)["connectionId"]
        client.send(["x" * FRAME] * 4)
        assert client.recv(WITHIN_S) == f"$default: {MESSAGE}"
        assert closed_by(client, ["x" * FRAME] * 4 + ["x"]) == 1009
    assert disconnected(served, connection_id) == 1009


@pytest.mark.statement("websocket.outgoing-frames")
def test_answers_are_cut_into_frames_of_32_kb(served: Served) -> None:
    client, _ = raw(served)
    with client:
        client.send(frame(TEXT, b'{"action": "echo", "large": 65536}'))
        frames = [client.receive() for _ in range(4)]
    assert [opcode for opcode, _, _ in frames] == [TEXT, CONTINUATION, CONTINUATION, CONTINUATION]
    assert [final for _, final, _ in frames] == [False, False, False, True]
    assert [len(payload) for _, _, payload in frames] == [FRAME] * 4
    assert b"".join(payload for _, _, payload in frames).decode() == "ü" * 65536


@pytest.mark.statement("websocket.fragments")
def test_fragments_with_control_frames_between(served: Served) -> None:
    client, _ = raw(served)
    text = '{"action": "quite ü other"}'.encode()
    with client:
        for index, byte in enumerate(text):
            final = index == len(text) - 1
            client.send(frame(CONTINUATION if index else TEXT, bytes([byte]), fin=final))
            if index == 3:
                client.send(frame(PING, b"between"))
                assert client.receive() == (PONG, True, b"between")
        assert client.receive() == (TEXT, True, b"$default: " + text)


@pytest.mark.statement("websocket.binary")
def test_a_binary_frame_closes(served: Served) -> None:
    with served.connect() as client:
        connection_id = context_of(client)["connectionId"]
        assert closed_by(client, b"binary") == 1003
    assert disconnected(served, connection_id) == 1003
    assert served.events("MESSAGE", connection_id) == []


@pytest.mark.statement("websocket.utf8")
@pytest.mark.parametrize("text", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"abc\xf0\x9f"])
def test_text_that_is_no_utf_8_closes(served: Served, text: bytes) -> None:
    with served.connect() as client:
        connection_id = context_of(client)["connectionId"]
        assert closed_by(client, text, text=True) == 1007
    assert disconnected(served, connection_id) == 1007


@pytest.mark.statement("websocket.protocol-errors", "websocket.log")
@pytest.mark.parametrize(
    "data",
    [
        frame(TEXT, b"hello", masked=False),
        frame(TEXT, b"hello", reserved=4),
        frame(TEXT, b"hello", reserved=1),
        frame(3, b"hello"),
        frame(11),
        frame(PING, b"x" * 126),
        frame(PING, b"x", fin=False),
        frame(CLOSE, b"x"),
        frame(CLOSE, (1005).to_bytes(2)),
        frame(CLOSE, (999).to_bytes(2)),
        frame(CONTINUATION, b"of nothing"),
        frame(TEXT, b"first", fin=False) + frame(TEXT, b"second"),
    ],
    ids=[
        "unmasked", "reserved-1", "reserved-3", "opcode-3", "opcode-11", "long-ping", "fragmented-ping", "short-close",
        "close-1005", "close-999", "continuation", "interleaved",
    ],
)  # fmt: skip
def test_frames_that_may_not_be_close(served: Served, data: bytes) -> None:
    client, connection_id = raw(served)
    with client:
        client.send(data)
        assert client.close_code()[0] == 1002
        with pytest.raises(EOFError):
            client.receive()
    assert disconnected(served, connection_id) == 1002
    assert served.events("MESSAGE", connection_id) == []
    assert f"connection {connection_id} closed with 1002: " in served.said()


@pytest.mark.statement("websocket.frame-size")
def test_a_frame_that_promises_too_much_is_not_waited_for(served: Served) -> None:
    client, connection_id = raw(served)
    with client:
        client.send(b"\x81\xff" + (2**62).to_bytes(8) + b"mask")
        assert client.close_code()[0] == 1009
    assert disconnected(served, connection_id) == 1009


@pytest.mark.statement("websocket.binary")
def test_a_binary_fragment_closes_too(served: Served) -> None:
    client, connection_id = raw(served)
    with client:
        client.send(frame(BINARY, b"a", fin=False) + frame(CONTINUATION, b"b"))
        assert client.close_code()[0] == 1003
    assert disconnected(served, connection_id) == 1003


@pytest.mark.statement("websocket.no-pings", "websocket.pongs")
def test_pings_are_answered_and_none_are_sent(served: Served) -> None:
    client, _ = raw(served)
    with client:
        client.send(frame(PONG, b"unasked") + frame(PING) + frame(PING, b"x" * 125))
        assert client.receive() == (PONG, True, b"")
        assert client.receive() == (PONG, True, b"x" * 125)
        client.socket.settimeout(3)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            client.receive()
        assert time.monotonic() - began > 2
