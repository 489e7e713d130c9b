"""How a command runs: ended by Ctrl-C and by SIGTERM in the same way."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import click

from chat4all_client.cli.given import Given
from chat4all_client.errors import UnexpectedAnswer


def run(work: Callable[[Given], Coroutine[Any, Any, None]]) -> None:
    """Run what a command does, with the options of this call, to its end.

    Raises KeyboardInterrupt where it was broken off, and what it raises itself.
    """
    given = click.get_current_context().find_root().ensure_object(Given)
    try:
        asyncio.run(_until_done(work(given)))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        # What came is read where it is used; a message for who has the wrong URL, the trace for who looks for an error of ours.
        what = f"{type(error).__name__}: {error}"
        raise UnexpectedAnswer(f"What came is not what Chat4All answers ({what}): is it the right server?") from error


async def _until_done(work: Coroutine[Any, Any, None]) -> None:
    running = asyncio.current_task()
    assert running is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    await work
