"""What uploads and downloads have in common: settings, threads for bytes, and the end of all when one fails."""

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, TypeVar

from chat4all_client.connections import ByteConnection
from chat4all_client.control import Control
from chat4all_client.errors import Cancelled
from chat4all_client.progress import Meter, OnProgress

T = TypeVar("T")
_TELL_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Settings:
    """How bytes are moved."""

    parallel: int = 4
    """Parts or ranges at once."""
    patience_s: float = 300.0
    """A transfer gives up when nothing has got through for so long; what has arrived stays, and a later call goes on."""
    silence_s: float = 60.0
    """A connection on which nothing moves for so long is broken off, and the part begun anew."""
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


class Threads:
    """Threads that send or receive, with a connection each; broken off by the control, and gone at the end."""

    def __init__(self, settings: Settings, control: Control) -> None:
        self._pool = ThreadPoolExecutor(settings.parallel + 1, thread_name_prefix="chat4all-bytes")
        self._control = control
        self.connections = [ByteConnection(settings.silence_s, settings.tls) for _ in range(settings.parallel)]
        for connection in self.connections:
            control.on_stop(connection.break_off)

    async def run(self, call: Callable[..., T], *arguments: Any) -> T:
        """What `call` returns, run in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, call, *arguments)

    def __enter__(self) -> "Threads":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.halt()
        self._pool.shutdown(wait=True)
        for connection in self.connections:
            connection.close()


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """All of it; when one fails the others are cancelled, and its error is raised."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def unless_cancelled(control: Control, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`. Raises Cancelled as soon as somebody cancels it by `control`."""
    doing, cancelled = asyncio.create_task(work), asyncio.create_task(control.until_cancelled())
    try:
        await asyncio.wait({doing, cancelled}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise Cancelled("The transfer was cancelled")
        return doing.result()
    finally:
        for task in (doing, cancelled):
            task.cancel()
        await asyncio.gather(doing, cancelled, return_exceptions=True)


async def alongside(work: Coroutine[Any, Any, T], other: Coroutine[Any, Any, None]) -> T:
    """The result of `work`, while `other` runs as long as that takes."""
    task = asyncio.create_task(other)
    try:
        return await work
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def told(meter: Meter, phase: Callable[[], str], done: Callable[[], int], on_progress: OnProgress) -> None:
    """Tell how it stands, five times a second, until this is cancelled."""
    before = ""
    while True:
        now = phase()
        if now != before:
            meter.restart()
        on_progress(meter.read(now, done()))
        before = now
        await asyncio.sleep(_TELL_EVERY_S)
