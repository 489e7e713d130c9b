"""Many clients, and clients that do not keep up."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.conformance.websocket_api.raw import TEXT, RawClient, frame
from tests.conformance.websocket_api.served import WITHIN_S, Served, context_from, context_of, until

pytestmark = pytest.mark.engines

MANY = 5_000
AT_ONCE = 100


@pytest.fixture(scope="module", autouse=True)
def open_files() -> Iterator[None]:
    """As many as this process may have: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < MANY + 500:
        pytest.skip(f"this process may open {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (MANY + 500, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@asynccontextmanager
async def crowd(served: Served, count: int) -> AsyncIterator[list[ClientConnection]]:
    async with AsyncExitStack() as stack:
        places = asyncio.Semaphore(AT_ONCE)

        async def enter() -> ClientConnection:
            async with places:
                wanted = connect(served.url("Bare"), compression=None, ping_interval=None, open_timeout=60)
                return await stack.enter_async_context(wanted)

        yield list(await asyncio.gather(*(enter() for _ in range(count))))


@pytest.mark.statement("websocket.many")
async def test_5000_connections_are_open_at_once(served: Served) -> None:
    before = served.process.memory_info().rss
    async with crowd(served, MANY) as clients:
        each = (served.process.memory_info().rss - before) / MANY
        assert each < 30 * 1024, f"{each / 1024:.1f} KB each"
        for client in clients[:: MANY // 50]:
            context = await context_from(client)
            management = served.management(context)
            await asyncio.to_thread(management.post_to_connection, ConnectionId=context["connectionId"], Data=b"x")
            assert await client.recv() == "x"


@pytest.mark.statement("websocket.nothing-leaks")
def test_a_thousand_connects_and_disconnects_leave_nothing(served: Served) -> None:
    def round_of(count: int) -> None:
        for _ in range(count):
            with RawClient(served.port("Bare")):
                pass
        until(lambda: files() <= quiet_files + 5, "closing of all sockets")

    def files() -> int:
        return served.process.num_fds()

    quiet_files = files()
    round_of(200)
    before = served.process.memory_info().rss
    round_of(1_000)
    assert served.process.memory_info().rss - before < 8 * 1024 * 1024


@pytest.mark.statement("websocket.slow-reader")
def test_a_client_that_reads_no_replies_is_held_back(served: Served) -> None:
    """500 replies of 128 KB are 64 MB."""
    before = served.process.memory_info().rss
    most = 0
    with RawClient(served.port("Bare"), buffer=4096) as client, served.connect("Bare") as other:
        client.send(frame(TEXT, b'{"large": 65536, "silent": 1}') * 500)
        for _ in range(200):
            context_of(other)  # others are served all the while
            most = max(most, served.process.memory_info().rss - before)
        assert most < 32 * 1024 * 1024
        finals = 0
        while finals < 500:
            finals += client.receive()[1]


@pytest.mark.statement("websocket.stalled")
def test_clients_that_stall_hold_nobody_up(served: Served) -> None:
    starts = [
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\nhalf",
        b"\0" * 1000,
    ]
    with ExitStack() as stack:
        for number in range(300):
            stalled = stack.enter_context(RawClient(served.port("Bare"), handshake=False))
            stalled.send(starts[number % len(starts)])
        for _ in range(100):
            stalled = stack.enter_context(RawClient(served.port("Bare")))
            stalled.send(frame(TEXT, b"half a message")[:9])
        began = time.monotonic()
        with served.connect("Bare") as client:
            context_of(client)
        assert time.monotonic() - began < WITHIN_S
    assert "Traceback" not in served.said()
