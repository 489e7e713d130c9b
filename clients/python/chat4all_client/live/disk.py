"""Where calls of the store run: in one thread, so that a slow disk stops nothing else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Disk(Protocol):
    """Runs one call after the other."""

    async def run(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """What `call` returns. A caller that is cancelled does not keep it from being done."""
        ...

    async def close(self) -> None:
        """Wait for what is being done."""
        ...


class ThreadDisk:
    """A thread for one store."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="chat4all-store")

    async def run(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(call, *arguments, **named))

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)


class SameThread:
    """Runs calls where they are made: for tests whose time is not that of the clock."""

    async def run(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        return call(*arguments, **named)

    async def close(self) -> None:
        return
