"""What can be seen of a running stack: made in the stack, served on a Unix socket, read by `scripts/status`."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

from local.engines.watch import EngineWatch

Status = Mapping[str, Any]
_SOCKET_PATH_BYTES = 100
"""sun_path holds 108 on Linux, 104 on macOS (unix(7))."""


def process_status(pid: int | None) -> dict[str, Any]:
    """{"pid", "rss_mb"} of a process; None for what is not known."""
    try:
        rss = psutil.Process(pid).memory_info().rss if pid else None
    except psutil.Error:
        rss = None
    return {"pid": pid, "rss_mb": None if rss is None else round(rss / 2**20, 1)}


def engine_status(watch: EngineWatch) -> dict[str, Any]:
    """{"name", "product", "address", "state", "pid", "rss_mb"}; the states are those of `EngineWatch`."""
    engine = watch.engine
    known = {"name": engine.name, "product": engine.product, "address": engine.address, "state": watch.state}
    return known | process_status(engine.pid)


def socket_path(data: Path) -> Path:
    """Where the stack of a data folder answers: in the folder, unless its name is too long for a socket."""
    path = data / "status.sock"
    if len(str(path).encode()) <= _SOCKET_PATH_BYTES:
        return path
    return Path(tempfile.gettempdir()) / f"local-stack-{data.stat().st_dev}-{data.stat().st_ino}.sock"


class StatusServer:
    """Writes the status as JSON to whoever connects, and closes."""

    def __init__(self, data: Path, status: Callable[[], Status]) -> None:
        self._path = socket_path(data)
        self._status = status
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._answer, self._path)
        self._path.chmod(0o600)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        self._path.unlink(missing_ok=True)

    async def _answer(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(json.dumps(self._status()).encode())
        await writer.drain()
        writer.close()


async def read_status(data: Path, timeout_s: float = 5.0) -> Status | None:
    """The status of the stack of a data folder; None when none answers."""
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_unix_connection(socket_path(data))
            try:
                status: Status = json.loads(await reader.read())
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return None
    return status
