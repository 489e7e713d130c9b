"""The service's side of the warm parent: starts it, asks it for environments, hears of their ends."""

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from local.lambda_service.fork_request import Code

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_PROJECT = Path(__file__).resolve().parents[2]
_PACKET_BYTES = 1 << 16
_START_LIMIT_S = 120.0
_FORK_LIMIT_S = 10.0
"""A fork takes milliseconds. Whoever does not answer for so long was stopped, by a function even: SIGSTOP to its parent."""
_STOP_LIMIT_S = 2.0


class WarmParentLost(Exception):
    """The warm parent ended, and all environments with it; the next one that is needed starts another."""


class LibraryParent:
    """One process `local.lambda_service.zygote`, which lives as long as the stack and gives any number of warm parents."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._told: asyncio.Queue[int | None] = asyncio.Queue()
        self._asking = asyncio.Lock()
        self.lost = False

    async def start(self, functions: Sequence[Code]) -> None:
        """Returns when it has imported the libraries of these functions. Raises WarmParentLost."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)
        with theirs:
            self._process = self._spawn(functions, theirs)
        asyncio.get_running_loop().add_reader(self._control, self._hear)
        await self._answer(_START_LIMIT_S)

    async def warm_parent(self, control: socket.socket) -> int:
        """The pid of a new warm parent that listens to `control`. Raises WarmParentLost."""
        async with self._asking:
            if self.lost or self._control is None:
                raise WarmParentLost
            try:
                socket.send_fds(self._control, [b"warm parent"], [control.fileno()])
            except OSError as error:
                raise WarmParentLost from error
            return await self._answer(_FORK_LIMIT_S)

    async def stop(self) -> None:
        """End it. Returns when it has gone. Its warm parents live on."""
        if self._process is None:
            return
        self._lose()
        try:
            await asyncio.to_thread(self._process.wait, _STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _spawn(self, functions: Sequence[Code], control: socket.socket) -> subprocess.Popen[bytes]:
        """From the thread of the event loop, which has to live as long as the stack: its end is the process's."""
        with tempfile.TemporaryFile("w+") as preparation, self._log.open("ab") as log:
            json.dump([asdict(code) for code in functions], preparation)
            preparation.flush()
            descriptors = control.fileno(), preparation.fileno()
            command = [sys.executable, "-m", "local.lambda_service.zygote", *map(str, descriptors), str(os.getpid())]
            return subprocess.Popen(  # noqa: S603
                command,
                cwd=_PROJECT,
                pass_fds=descriptors,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C ends the stack in its own order, not the functions first
            )

    async def _answer(self, limit_s: float) -> int:
        assert self._process is not None
        try:
            async with asyncio.timeout(limit_s):
                pid = await self._told.get()
        except TimeoutError:
            _LOG.error(
                "the parent of all libraries has not answered for %g s, and is killed; see %s", limit_s, self._log
            )
            self._process.kill()
            self._lose()
            pid = None
        if pid is None:
            raise WarmParentLost(f"the parent of all libraries has ended; see {self._log}")
        return pid

    def _hear(self) -> None:
        assert self._control is not None
        try:
            packet = self._control.recv(_PACKET_BYTES)
        except ConnectionResetError:
            packet = b""
        if packet:
            self._told.put_nowait(next(iter(json.loads(packet).values())))
        else:
            self._lose()

    def _lose(self) -> None:
        if self.lost or self._control is None:
            return
        self.lost = True
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        self._told.put_nowait(None)


class WarmParent:
    """A fork of the library parent that has imported the layers, as its environments see it. Not reused once it is lost."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._pid = 0
        self._control: socket.socket | None = None
        self._ready: asyncio.Future[dict[str, Any]] | None = None
        self._forks: dict[int, asyncio.Future[int]] = {}
        self._exits: dict[int, Callable[[int], None]] = {}
        self._next = 0
        self.lost = False

    async def start(self, libraries: LibraryParent) -> dict[str, Any]:
        """Returns when it has imported the layers: {"ready": pid, "modules", "bare", "errors"}. Raises WarmParentLost."""
        loop = asyncio.get_running_loop()
        self._ready = loop.create_future()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)
        loop.add_reader(self._control, self._hear)
        with theirs:
            self._pid = await libraries.warm_parent(theirs)
        return await self._in_time(self._ready, _START_LIMIT_S)

    async def fork(self, code: Code, descriptors: tuple[int, int], on_exit: Callable[[int], None]) -> int:
        """A new environment; returns its pid. `on_exit` is called once, with its wait status. Raises WarmParentLost."""
        if self.lost or self._control is None:
            raise WarmParentLost
        self._next += 1
        number, answer = self._next, asyncio.get_running_loop().create_future()
        self._forks[number] = answer
        packet = json.dumps({"fork": number, "code": asdict(code)}).encode()
        await self._send(packet, descriptors)
        pid: int = await self._in_time(answer, _FORK_LIMIT_S)
        self._exits[pid] = on_exit
        return pid

    def kill(self, pid: int) -> None:
        """SIGKILL to an environment and what it started. Nothing happens to one that has ended."""
        if pid in self._exits and self._control is not None and not self.lost:
            try:
                self._control.send(json.dumps({"kill": pid}).encode())
            except BlockingIOError:
                os.kill(pid, signal.SIGKILL)

    @property
    def environments(self) -> int:
        """How many live."""
        return len(self._exits)

    async def stop(self) -> None:
        """End it and every environment. Returns when it has gone."""
        if self._control is None or self.lost:
            return
        control = self._control.dup()
        self._lose()
        with control:
            await asyncio.to_thread(self._until_gone, control)

    def _until_gone(self, control: socket.socket) -> None:
        """Tell it that nothing more comes; it closes its end when it has ended."""
        control.settimeout(_STOP_LIMIT_S)
        try:
            control.shutdown(socket.SHUT_WR)
            while control.recv(_PACKET_BYTES):
                pass
        except TimeoutError:
            if self._pid:
                os.kill(self._pid, signal.SIGKILL)
        except OSError:
            return  # it has gone

    async def _send(self, packet: bytes, descriptors: tuple[int, int]) -> None:
        assert self._control is not None
        while True:
            try:
                socket.send_fds(self._control, [packet], descriptors)
            except BlockingIOError:  # its queue is full: hundreds of requests at once
                await asyncio.sleep(0.001)
            except OSError as error:
                raise WarmParentLost from error
            else:
                return

    async def _in_time(self, answer: "asyncio.Future[T]", limit_s: float) -> T:
        """What it answers. Raises WarmParentLost; one that does not answer in time is killed, its environments with it."""
        try:
            async with asyncio.timeout(limit_s):
                return await answer
        except TimeoutError:
            what = "the parent of all Lambda environments has not answered for %g s, and is killed; see %s"
            _LOG.error(what, limit_s, self._log)
            os.kill(self._pid, signal.SIGKILL)
            self._lose()
            raise WarmParentLost from None

    def _hear(self) -> None:
        assert self._control is not None
        while not self.lost:
            try:
                packet = self._control.recv(_PACKET_BYTES)
            except BlockingIOError:
                return
            except ConnectionResetError:
                packet = b""
            if not packet:
                _LOG.error("the parent of all Lambda environments has ended; see %s", self._log)
                self._lose()
                return
            self._note(json.loads(packet))

    def _note(self, message: dict[str, Any]) -> None:
        if "ready" in message and self._ready is not None:
            self._ready.set_result(message)
        elif "forked" in message:
            answer = self._forks.pop(message["forked"])
            if not answer.done():
                answer.set_result(message["pid"])
        elif "exited" in message:
            # the exit may be told before the caller of fork() has run again
            asyncio.get_running_loop().call_soon(self._exited, message["exited"], message["status"])

    def _exited(self, pid: int, status: int) -> None:
        on_exit = self._exits.pop(pid, None)
        if on_exit is not None:
            on_exit(status)

    def _lose(self) -> None:
        if self.lost or self._control is None:
            return
        self.lost = True
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        for answer in self._forks.values():
            if not answer.done():
                answer.set_exception(WarmParentLost())
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(WarmParentLost(f"it did not start; see {self._log}"))
        for pid in list(self._exits):
            self._exited(pid, signal.SIGKILL)
