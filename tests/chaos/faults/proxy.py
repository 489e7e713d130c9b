"""A TCP proxy in a thread of its own, whose connections can be made slow, silent, half-closed or reset while they are open."""

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from types import TracebackType

_CHUNK = 16384
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of zero seconds: close() sends RST."""


@dataclass
class Conduct:
    """How all connections behave from now on; the first byte that comes may already meet it."""

    latency_s: float = 0.0
    """Each way, for each piece of data."""
    bytes_per_s: float = 0.0
    """Each way, for each connection; 0: as fast as it goes."""
    silent: bool = False
    """Nothing passes, nothing is closed; what was sent meanwhile comes after it."""
    half_close: bool = False
    """What the client sends is cut off (the server reads an end), what the server sends still passes."""
    reset_answers: bool = False
    """The request passes; in place of its answer the connection is reset."""


class Proxy:
    """Listens on a free port of the loopback for the time of the `with` block, and passes all on to `port`."""

    def __init__(self, port: int) -> None:
        self.conduct = Conduct()
        self.port = 0
        self.connections = 0
        """How many there have been."""
        self.resets = 0
        self._to = port
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None] | None] = set()
        """The loop holds tasks weakly: what waits for a connection that both ends have left would be collected."""

    def __enter__(self) -> "Proxy":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        self._serving.add(task)
        try:
            await self._between(reader, writer)
        finally:
            self._serving.discard(task)

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        ways = (
            asyncio.create_task(self._pass(reader, server_writer, answers=False)),
            asyncio.create_task(self._pass(server_reader, writer, answers=True)),
        )
        try:
            # Python 3.11 prints it as an error when the task of a server's callback ends cancelled.
            with suppress(asyncio.CancelledError):
                await asyncio.wait(ways)
        finally:
            for task in ways:
                task.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in (writer, server_writer):
                end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(_CHUNK):
                conduct = self.conduct
                if answers and conduct.reset_answers:
                    self.resets += 1
                    _reset(writer)
                    return
                if conduct.half_close and not answers:
                    break
                await asyncio.sleep(conduct.latency_s + (len(data) / conduct.bytes_per_s if conduct.bytes_per_s else 0))
                while self.conduct.silent:
                    await asyncio.sleep(0.02)
                writer.write(data)
                await writer.drain()
            writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
