"""@connections, and how a connection's life ends."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from local.websocket_api.connections import (
    ClientBufferFull,
    ConnectionGone,
    Connections,
    InvalidConnectionId,
    MessageTooLarge,
)
from local.websocket_api.limits import MESSAGE_BYTES, Limits
from local.websocket_api.server import WebSocketApiServer
from tests.local.fake_functions import Event, FakeFunctions, until
from tests.local.websocket_api.conftest import Serve, action, address


async def only_id(server: WebSocketApiServer) -> str:
    await until(lambda: len(server.connections) == 1, "one connection")
    return next(iter(server.connections)).session.connection_id


async def disconnected(functions: FakeFunctions) -> tuple[int, str]:
    await until(lambda: bool(functions.events("disconnect")), "$disconnect")
    assert len(functions.events("disconnect")) == 1
    context = functions.events("disconnect")[0]["requestContext"]
    return context["disconnectStatusCode"], context["disconnectReason"]


async def talk(client: ClientConnection) -> None:
    while True:
        await client.send(action("echo"))
        await client.recv()


async def flood(server: WebSocketApiServer, connection_id: str) -> None:
    for _ in range(1000):
        await server.connections.post(connection_id, b"x" * MESSAGE_BYTES)
        await asyncio.sleep(0)


async def test_post_get_and_delete(serve: Serve, functions: FakeFunctions) -> None:
    server = await serve()
    connections: Connections = server.connections
    async with connect(address(server), user_agent_header="agent/1") as client:
        connection_id = await only_id(server)
        assert functions.events("connect")[0]["requestContext"]["connectionId"] == connection_id
        await connections.post(connection_id, "grüße 😀".encode())
        assert await client.recv() == "grüße 😀"
        await connections.post(connection_id, b"x" * MESSAGE_BYTES)
        assert len(await client.recv()) == MESSAGE_BYTES
        info = await connections.get(connection_id)
        assert (info.source_ip, info.user_agent) == ("127.0.0.1", "agent/1")
        assert info.connected_at <= info.last_active_at
        assert datetime.now(UTC) - info.connected_at < timedelta(minutes=1)
        await connections.delete(connection_id)
        with pytest.raises(ConnectionGone):
            await connections.post(connection_id, b"late")
        await client.wait_closed()
        assert client.close_code == 1000
    assert await disconnected(functions) == (1000, "Connection Closed Normally")


async def test_what_is_wrong_is_told_apart(serve: Serve) -> None:
    server = await serve()
    async with connect(address(server)):
        connection_id = await only_id(server)
        with pytest.raises(MessageTooLarge):
            await server.connections.post(connection_id, b"x" * (MESSAGE_BYTES + 1))
        for call in (server.connections.get, server.connections.delete):
            with pytest.raises(InvalidConnectionId):
                await call("nonsense")
            with pytest.raises(ConnectionGone):
                await call("BFHPhfCWIAMCKlQ=")


async def test_a_function_may_not_post_before_connect_has_answered(serve: Serve, functions: FakeFunctions) -> None:
    seen: list[Exception] = []

    async def post_early(event: Event) -> Any:
        try:
            await server.connections.post(event["requestContext"]["connectionId"], b"early")
        except ConnectionGone as error:
            seen.append(error)
        return {"statusCode": 200}

    functions.handlers["connect"] = post_early
    server = await serve()
    async with connect(address(server)):
        assert len(seen) == 1


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        (1000, "", (1000, "Connection Closed Normally")),
        (1001, "", (1001, "")),
        (4000, "bye", (4000, "bye")),
    ],
)
async def test_disconnect_tells_the_clients_close_frame(
    serve: Serve, functions: FakeFunctions, code: int, reason: str, told: tuple[int, str]
) -> None:
    server = await serve()
    async with connect(address(server)) as client:
        await client.close(code, reason)
    assert await disconnected(functions) == told
    event = functions.events("disconnect")[0]
    assert event["requestContext"]["authorizer"]["user_id"] == "ann"
    assert len(server.connections) == 0


async def test_a_connection_that_breaks_is_1006(serve: Serve, functions: FakeFunctions) -> None:
    server = await serve()
    client = await connect(address(server))
    connection_id = await only_id(server)
    client.transport.abort()
    assert (await disconnected(functions))[0] == 1006
    with pytest.raises(ConnectionGone):
        await server.connections.post(connection_id, b"late")
    await client.wait_closed()


async def test_idle_and_old_connections_are_closed(serve: Serve, functions: FakeFunctions) -> None:
    idle = await serve(limits=Limits(idle_s=0.3))
    async with connect(address(idle)) as client:
        await client.wait_closed()
        assert client.close_code == 1001
    assert await disconnected(functions) == (1001, "Going away")
    old = await serve(limits=Limits(age_s=0.3))
    async with connect(address(old)) as client:
        with pytest.raises(ConnectionClosed):
            await talk(client)
        assert client.close_code == 1001


async def test_posts_to_a_client_that_does_not_read_are_refused_and_others_are_not_held_up(serve: Serve) -> None:
    server = await serve(limits=Limits(outgoing_bytes=256 * 1024))
    async with connect(address(server), max_queue=1) as slow:
        slow_id = await only_id(server)
        async with connect(address(server, "bob")) as quick:
            with pytest.raises(ClientBufferFull):
                await flood(server, slow_id)
            await quick.send("hello")
            assert await quick.recv() == "default hello"
        received = await slow.recv()
        assert len(received) == MESSAGE_BYTES
        slow.transport.abort()


async def test_a_client_that_pings_and_does_not_read_is_dropped(serve: Serve, functions: FakeFunctions) -> None:
    server = await serve(limits=Limits(outgoing_bytes=64 * 1024))
    client = await connect(address(server))
    client.transport.pause_reading()
    pings = Frame(Opcode.PING, b"x" * 125).serialize(mask=True) * 1000
    deadline = asyncio.get_running_loop().time() + 30
    while not functions.events("disconnect") and asyncio.get_running_loop().time() < deadline:
        if not client.paused and not client.transport.is_closing():
            client.transport.write(pings)
        await asyncio.sleep(0)
    assert (await disconnected(functions))[0] == 1006
    client.transport.abort()
    await client.wait_closed()


async def test_stop_closes_all_with_1001_and_runs_disconnect(serve: Serve, functions: FakeFunctions) -> None:
    server = await serve()
    clients = [await connect(address(server, f"user{number}")) for number in range(20)]
    await server.stop()
    for client in clients:
        await client.wait_closed()
        assert client.close_code == 1001
    assert len(functions.events("disconnect")) == 20
    await server.stop()


async def test_stop_does_not_wait_for_functions_that_hang(serve: Serve, functions: FakeFunctions) -> None:
    for name in ("echo", "disconnect"):
        functions.handlers[name] = lambda _: asyncio.sleep(3600)
    server = await serve(limits=Limits(close_s=0.1, in_flight=1))
    client = await connect(address(server))
    await client.send(action("echo"))
    await client.send(action("echo"))
    await until(lambda: bool(functions.events("echo")), "an invocation")

    async def hang(_event: Event) -> Any:
        await asyncio.sleep(3600)

    functions.handlers["connect"] = hang
    joining = asyncio.create_task(asyncio.wait_for(connect(address(server, "bob")).__aenter__(), 60))
    await until(lambda: len(functions.events("connect")) == 2, "a handshake under way")
    await asyncio.wait_for(server.stop(), 30)
    await client.wait_closed()
    with pytest.raises(Exception):  # noqa: B017, PT011 -- refused or cut off, as the moment has it
        await joining
