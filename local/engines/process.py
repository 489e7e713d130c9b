"""One engine as a child process: started with a log, waited for, stopped."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.engines.parent_death import following
from local.start_error import StartError

_POLL_S = 0.01
_QUOTED_LINES = 12

Probe = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Command:
    """How an engine is started."""

    name: str
    arguments: Sequence[str]
    log: Path
    """Appended to: what the engine prints."""
    folder: Path
    """Working directory; made when missing."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Beside that of the stack."""
    ready_within_s: float = 60.0
    stopped_within_s: float = 2.0
    """After SIGTERM; then comes SIGKILL, which each engine survives without losing what it acknowledged."""
    on_parent_death: signal.Signals = signal.SIGKILL


class EngineProcess:
    """A running engine. It has a session of its own, so that Ctrl-C reaches the stack alone, which then stops it in order."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """None when it is not running."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self, ready: Probe) -> None:
        """Start and wait until `ready` answers True. Raises StartError with the end of the log, and leaves no process."""
        command = self.command
        command.folder.mkdir(parents=True, exist_ok=True)
        command.log.parent.mkdir(parents=True, exist_ok=True)
        with command.log.open("ab") as log:
            log_start = log.tell()
            self._process = await asyncio.create_subprocess_exec(
                *following(command.arguments, command.on_parent_death),
                cwd=command.folder,
                env={**_own_variables(), **command.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            await self._wait_until(ready, log_start)
        except BaseException:
            await self.stop()
            raise

    async def _wait_until(self, ready: Probe, log_start: int) -> None:
        assert self._process is not None, "called by start"
        deadline = time.monotonic() + self.command.ready_within_s
        while not await ready():
            code = self._process.returncode
            if code is not None:
                raise self._failure(f"ended with exit code {code} while starting", log_start)
            if time.monotonic() > deadline:
                raise self._failure(f"is not ready after {self.command.ready_within_s:.0f} s", log_start)
            await asyncio.sleep(_POLL_S)

    def _failure(self, what: str, log_start: int) -> StartError:
        with self.command.log.open("rb") as log:
            log.seek(log_start)
            lines = log.read().decode(errors="replace").splitlines()
        said = "\n".join(f"    {line}" for line in lines[-_QUOTED_LINES:])
        return StartError(f"{self.command.name} {what}; it said (whole log: {self.command.log}):\n{said}")

    async def until_ended(self) -> str:
        """Wait for the end of the process, whoever causes it; returns how it ended and where its log is."""
        if self._process is None:
            return "was not started"
        code = await self._process.wait()
        how = f"by signal {signal_name(-code)}" if code < 0 else f"with exit code {code}"
        return f"{self.command.name} (pid {self._process.pid}) ended {how}, log: {self.command.log}"

    async def stop(self) -> None:
        """SIGTERM, SIGKILL when that takes too long; returns when the process has ended."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(self.command.stopped_within_s):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _own_variables() -> dict[str, str]:
    """Of the stack, without what is loaded into it, such as a clock that jumps: it is not meant for other programs."""
    return {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return str(number)


async def http_answers(host: str, port: int, path: str = "/", said: bytes = b"") -> bool:
    """A readiness probe: whether an HTTP server there answers a GET with any status below 500, and in it says `said`."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
                status = await reader.readline()
                rest = await reader.read() if said else b""
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    words = status.split()
    return len(words) > 1 and words[1].isdigit() and int(words[1]) < 500 and said in rest
