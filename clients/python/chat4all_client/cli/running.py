"""How a command runs: ended by Ctrl-C and by SIGTERM in the same way."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import click

from chat4all_client.cli.given import Given


def run(work: Callable[[Given], Coroutine[Any, Any, None]]) -> None:
    """Run what a command does, with the options of this call, to its end.

    Raises KeyboardInterrupt where it was broken off, and what it raises itself.
    """
    given = click.get_current_context().find_root().ensure_object(Given)
    try:
        asyncio.run(_until_done(work(given)))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _until_done(work: Coroutine[Any, Any, None]) -> None:
    running = asyncio.current_task()
    assert running is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    await work
