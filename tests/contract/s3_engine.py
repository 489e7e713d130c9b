"""The real S3 engine, for services of this process."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from local.engines.engine import Folders
from local.engines.s3 import S3
from local.ports import free_ports
from tests.serving import in_thread


@contextmanager
def s3_engine(folder: Path) -> Iterator[str]:
    """Its address."""
    (port,) = free_ports(1)
    with in_thread(_running(S3(Folders(folder / "data", folder / "logs"), "127.0.0.1", port))):
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def _running(engine: S3) -> AsyncIterator[None]:
    try:
        await engine.start(lambda _: None)
        yield
    finally:
        await engine.stop()
