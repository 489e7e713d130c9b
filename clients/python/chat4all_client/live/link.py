"""One connection while it lasts: what comes is taken in order, and each reply finds its request."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from chat4all_client.live.frames import Failure, Frame, Reply, parse_all
from chat4all_client.live.outcomes import Later, outcome_of
from chat4all_client.live.wire import Wire, WireClosed

Json = dict[str, Any]
_QUEUE = 1_000
"""Frames that wait to be taken; beyond it the other side waits."""


class Link:
    """An open connection. `run` in a task; requests from others."""

    def __init__(self, wire: Wire, take: Callable[[Sequence[Frame]], Awaitable[None]], batch: int) -> None:
        """`take` is given frames in order, in batches; a reply is told to who asked after it was called."""
        self._wire = wire
        self._take = take
        self._batch = batch
        self._queue: asyncio.Queue[Frame] = asyncio.Queue(_QUEUE)
        self._asked: dict[str, asyncio.Future[Reply]] = {}
        self._count = 0
        self._over: WireClosed | None = None

    async def run(self) -> None:
        """Take what comes until the connection ends; always raises WireClosed."""
        reading = asyncio.create_task(self._read())
        try:
            while True:
                frames = [await self._next(reading)]
                while len(frames) < self._batch and not self._queue.empty():
                    frames.append(self._queue.get_nowait())
                await self._take(frames)
                for frame in frames:
                    self._answer(frame)
        except WireClosed as error:
            self._over = error
            raise
        finally:
            self._over = self._over or WireClosed("closed")
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            self._lose(str(self._over))
            await self._wire.close()

    async def request(self, action: str, data: Json, within_s: float) -> Json:
        """Data of the ack.

        Raises:
            ApiError: refused. Later: no answer, or to come back: nothing is known of what came of it.
        """
        if self._over is not None:
            raise Later(f"the connection is over: {self._over}")
        self._count += 1
        request_id = f"r{self._count}"
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._asked[request_id] = future
        try:
            async with asyncio.timeout(within_s):
                await self._wire.send(
                    json.dumps({"action": action, "id": request_id, "data": data}, separators=(",", ":"))
                )
                reply = await future
        except TimeoutError:
            raise Later(f"{action}: no answer within {within_s:.0f} s") from None
        except WireClosed as error:
            raise Later(f"{action}: {error}") from error
        finally:
            self._asked.pop(request_id, None)
        if reply.problem is not None:
            raise outcome_of(reply.problem)
        return reply.data or {}

    async def close(self) -> None:
        """End it: `run` raises WireClosed."""
        await self._wire.close()

    async def _read(self) -> None:
        while True:
            for frame in parse_all(await self._wire.receive()):
                await self._queue.put(frame)

    async def _next(self, reading: asyncio.Task[None]) -> Frame:
        """The next frame; when reading has ended, what had come before goes first."""
        if not self._queue.empty():
            return self._queue.get_nowait()
        getting = asyncio.ensure_future(self._queue.get())
        try:
            await asyncio.wait((getting, reading), return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                return getting.result()
        finally:
            getting.cancel()
        reading.result()
        raise WireClosed("closed")

    def _answer(self, frame: Frame) -> None:
        if isinstance(frame, Reply):
            future = self._asked.get(frame.request_id)
            if future is not None and not future.done():
                future.set_result(frame)
        elif isinstance(frame, Failure) and frame.is_gateways:
            # It does not say which request it is about; all of them may be made again.
            self._lose(str(frame.problem.get("detail")))

    def _lose(self, why: str) -> None:
        for future in self._asked.values():
            if not future.done():
                future.set_exception(Later(why))
                future.exception()  # whoever asked may be gone
