"""The system under test, seen from outside: a whole stack in a process and folder of its own, its processes by role."""

import asyncio
import os
import signal
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Protocol

import psutil

from local.control import ask
from local.start_error import StartError
from tests.e2e.running_stack import ROOT, UNPACED, RunningStack

READY_WITHIN_S = 90.0
ENGINES = ("kafka", "dynamodb", "s3")


@dataclass
class World:
    """One stack that may be broken and started again on its data. Not for two threads at once, but for `urls`."""

    folder: Path
    """The data are in `folder/data`, what the stack prints in `folder/data.log`."""
    brokers: int = 1
    root: Path = ROOT
    """Folder of the code that runs: the repository, or a changed copy of it (mutations)."""
    options: list[str] = field(default_factory=list)
    """More options of `python -m local run`; a fault may add some in `prepare`."""
    variables: dict[str, str] = field(default_factory=dict)
    """More environment variables of the stack; the same."""
    urls: dict[str, str] = field(default_factory=dict)
    """Where clients go, read at each connection and request: `http`, `websocket` and `console`, without a slash at the end.
    A fault may put a proxy here for its duration."""
    _stack: RunningStack | None = None

    @property
    def stack(self) -> RunningStack:
        assert self._stack is not None, "it has been started"
        return self._stack

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> "World":
        """Start and wait until it is ready; again after a stop or kill: on the same data and ports."""
        if self._stack is None:
            brokers = [f"--kafka-brokers={self.brokers}"] if self.brokers > 1 else []
            options = [f"--template={self.root / 'template.yaml'}", UNPACED, *brokers, *self.options]
            self._stack = RunningStack(self.data, options, self.root, self.variables)
        self._stack.start()
        if not self.urls:
            self.urls.update(self.direct_urls)
        return self

    def stop(self) -> None:
        """End it; what is paused goes on first, so that it can."""
        if self._stack is None or self._stack.process is None:
            return
        for process in self.processes():
            try:
                process.send_signal(signal.SIGCONT)
            except psutil.Error:
                continue
        self._stack.stop()

    def kill(self) -> None:
        """kill -9 of the stack's own process, and wait until its children have seen it and ended too."""
        children = psutil.Process(self.pids("stack")[0]).children(recursive=True)
        self.stack.kill()
        _, alive = psutil.wait_procs(children, timeout=20)
        assert not alive, f"outlived the stack: {alive}"

    @property
    def direct_urls(self) -> dict[str, str]:
        """Where the stack itself answers."""
        stack = self.stack
        return {"http": stack.url("http"), "websocket": stack.url("websocket", "ws"), "console": stack.url("console")}

    def command(self, command: str, **arguments: Any) -> Any:
        """What the control socket answers, `fault.add` and the like; raises StartError with its refusal."""
        return asyncio.run(ask(self.data, command, **arguments))

    def status(self) -> Mapping[str, Any]:
        """`scripts/status --json`; raises StartError when the stack does not answer."""
        status: Mapping[str, Any] = self.command("status")
        return status

    def processes(self) -> list[psutil.Process]:
        """The stack's process and all below it."""
        process = self.stack.process
        if process is None or process.poll() is not None:
            return []
        try:
            own = psutil.Process(process.pid)
            return [own, *own.children(recursive=True)]
        except psutil.Error:
            return []

    def pids(self, role: str) -> list[int]:
        """Process ids by role, at this moment; empty where there is none.

        Args:
            role: `stack`; an engine as the status names it (`kafka`, `dynamodb`, `s3`, the brokers of three);
                `library parent`; `warm parents`; else the logical id of a function, whose environments these are.
        """
        process = self.stack.process
        if role == "stack":
            return [process.pid] if process is not None and process.poll() is None else []
        if role == "library parent":
            return _zygotes(self.pids("stack"))
        status = self.status()
        if role == "warm parents":
            # By their environments: they outlive the library parent.
            return _parents(pid for function in status["functions"] for pid in function["pids"])
        for engine in status["engines"]:
            if engine["name"] == role:
                return [engine["pid"]] if engine["pid"] else []
        return [pid for function in status["functions"] if function["logical_id"] == role for pid in function["pids"]]

    def send_signal(self, pids: Sequence[int], number: signal.Signals) -> int:
        """How many of them got it: those that have ended meanwhile do not."""
        sent = 0
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
            sent += 1
        return sent

    def is_ready(self) -> bool:
        """The stack answers, and all its engines run."""
        try:
            return all(engine["state"] == "running" for engine in self.status()["engines"])
        except Exception:  # whatever is broken, it is not ready
            return False

    def lag(self) -> int | None:
        """Records that consumers have not handled yet; None where that cannot be told."""
        try:
            lags = [mapping["lag"] for mapping in self.status()["mappings"]]
        except StartError:
            return None
        return None if None in lags else sum(lags)

    def until_ready(self, within_s: float = READY_WITHIN_S) -> None:
        """Wait until all runs again. Raises AssertionError with what the stack has printed."""
        deadline = time.monotonic() + within_s
        while not self.is_ready():
            assert time.monotonic() < deadline, f"not ready within {within_s} s:\n{self.stack.printed()}"
            time.sleep(0.1)


class Fault(Protocol):
    """One row of the table. Inherit from it: what has a body here is a default."""

    name: str
    """The row: `kill -9 router after publish`."""

    may_double_on_provider: bool = False
    """Whether it can cut a connector between the provider's answer and its record: the documented window, in which
    each recipient may get one message twice for each injection. Such are counted apart."""

    jumps_clock: bool = False
    """Whether limits by the clock cannot be judged while it lasts."""

    def prepare(self, world: World) -> None:
        """Before the stack starts: what it needs in `world.options` or `world.variables`."""
        return

    def available(self, world: World) -> str | None:
        """Why it cannot be here, or None."""
        return None

    def inject(self, world: World, random: Random) -> None:
        """Do it once; return when the fault is over (not necessarily recovered). Called in a thread, under load.

        The stack is up again when it returns (`world.start()` after a kill), and nothing is left paused or diverted.
        """
        ...


def _zygotes(parents: Sequence[int]) -> list[int]:
    found = []
    for parent in parents:
        try:
            children = psutil.Process(parent).children()
            found += [child.pid for child in children if _is_zygote(child)]
        except psutil.Error:
            continue
    return found


def _parents(environments: Iterable[int]) -> list[int]:
    found = set()
    for pid in environments:
        with suppress(psutil.Error):
            parent = psutil.Process(pid).parent()
            if parent is not None and _is_zygote(parent):
                found.add(parent.pid)
    return sorted(found)


def _is_zygote(process: psutil.Process) -> bool:
    return "local.lambda_service.zygote" in process.cmdline()
