"""Where calls of the store run: in one thread, so that a slow disk stops nothing else."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from chat4all_client.live.database import StoreError

P = ParamSpec("P")
T = TypeVar("T")


class Disk(Protocol):
    """Runs one call after the other."""

    async def run(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """What `call` returns; raises StoreError where the file cannot be read or written now, as on a full disk.

        A caller that is cancelled does not keep it from being done.
        """
        ...

    async def close(self) -> None:
        """Wait for what is being done."""
        ...


class ThreadDisk:
    """A thread for one store."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="chat4all-store")

    async def run(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(_done, call, *arguments, **named))

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)


class SameThread:
    """Runs calls where they are made: for tests whose time is not that of the clock."""

    async def run(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        return _done(call, *arguments, **named)

    async def close(self) -> None:
        return


def _done(call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    try:
        return call(*arguments, **named)
    except sqlite3.Error as error:
        raise StoreError(f"the store cannot be used: {error}") from error
