"""The real S3 engine, run by a loop in a thread of its own, for services of this process."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from local.engines.engine import Folders
from local.engines.s3 import S3
from local.ports import free_ports

Stop = tuple[asyncio.AbstractEventLoop, asyncio.Event]


@contextmanager
def s3_engine(folder: Path) -> Iterator[str]:
    """Its address."""
    (port,) = free_ports(1)
    engine = S3(Folders(folder / "data", folder / "logs"), "127.0.0.1", port)
    started: Future[Stop] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_run(engine, started)))
    thread.start()
    loop, stop = started.result(timeout=60)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=30)


async def _run(engine: S3, started: "Future[Stop]") -> None:
    try:
        await engine.start(lambda _: None)
        stop = asyncio.Event()
        started.set_result((asyncio.get_running_loop(), stop))
        await stop.wait()
    except BaseException as error:
        if not started.done():
            started.set_exception(error)
        raise
    finally:
        await engine.stop()
