"""How other processes ask a running stack: one JSON line each way over a Unix socket that only its user can open.

{"command": "status"}                     -> {"result": {...}}
{"command": "fault.clear", "ids": []}     -> {"error": "There is no fault f9."}
"""

import asyncio
import json
import logging
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from local.start_error import StartError

Command = Callable[[Mapping[str, Any]], Awaitable[Any]]
"""Takes the request, and returns what can be JSON. Raises StartError with what a person is told."""

_SOCKET_PATH_BYTES = 100
"""sun_path holds 108 on Linux, 104 on macOS (unix(7))."""
_ANSWER_BYTES = 64 * 1024 * 1024
_REQUEST_WITHIN_S = 5.0
_LOG = logging.getLogger(__name__)


def socket_path(data: Path) -> Path:
    """Where the stack of a data folder answers: in the folder, unless its name is too long for a socket."""
    path = data / "status.sock"
    if len(str(path).encode()) <= _SOCKET_PATH_BYTES:
        return path
    return Path(tempfile.gettempdir()) / f"local-stack-{data.stat().st_dev}-{data.stat().st_ino}.sock"


class ControlServer:
    """Answers commands of a data folder's stack."""

    def __init__(self, data: Path, commands: Mapping[str, Command]) -> None:
        self._path = socket_path(data)
        self._commands = commands
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path)
        self._path.chmod(0o600)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_WITHIN_S):
                line = await reader.readline()
            answer = await self._answer(line)
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        except (ConnectionError, TimeoutError, ValueError) as error:
            _LOG.info("a command was not answered: %r", error)
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
            command = self._commands[request["command"]]
        except (ValueError, KeyError, TypeError, RecursionError):
            return {"error": f"This is no command: {line[:100]!r}. There are: {', '.join(self._commands)}."}
        try:
            return {"result": await command(request)}
        except StartError as error:
            return {"error": str(error)}
        except Exception:
            _LOG.exception("%s failed", request["command"])
            return {"error": f"{request['command']} failed: scripts/logs stack has the cause."}


async def ask(data: Path, command: str, timeout_s: float = 5.0, **arguments: Any) -> Any:
    """What the stack of a data folder answers.

    Raises StartError with its refusal, or when none answers in time.
    """
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_unix_connection(socket_path(data), limit=_ANSWER_BYTES)
            try:
                writer.write(json.dumps({"command": command, **arguments}).encode() + b"\n")
                await writer.drain()
                answer = json.loads(await reader.readline())
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError) as error:
        raise StartError(
            f"The stack on {data} does not answer: scripts/logs tells more, scripts/stop ends it."
        ) from error
    if "error" in answer:
        raise StartError(answer["error"])
    return answer["result"]
