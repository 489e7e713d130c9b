"""One environment: a process that runs one function, one invocation at a time."""

import asyncio
import contextlib
import json
import logging
import math
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import cast

from local.lambda_service import failures, frames
from local.lambda_service.failures import Failure
from local.lambda_service.fork_request import Code
from local.lambda_service.invocation_log import InvocationLog, LogStream
from local.lambda_service.memory import used_kb
from local.lambda_service.platform_lines import Outcome
from local.lambda_service.warm_parent import WarmParent

_LOG = logging.getLogger(__name__)
_PIPE_BYTES = 1 << 16
_READS_AT_ONCE = 4  # a pipe holds 64 KB; more comes only from a function that prints faster than it is read


class State(Enum):
    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one function, as far as an environment watches them."""

    timeout_s: float
    memory_mb: int
    response_bytes: int
    freeze_after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class InvokeResult:
    """What the Invoke API answers for an invocation that Lambda accepted."""

    payload: bytes
    """JSON of what the function returned, or of its error {errorMessage, errorType, requestId, stackTrace}."""
    function_error: str | None
    """`Unhandled`, or None when the function succeeded."""
    request_id: str
    log_tail: bytes
    """Last 4 KB of the invocation's log."""
    status: int = 200
    outcome: Outcome | None = None
    """What REPORT says; None where nothing ran."""


@dataclass(frozen=True, slots=True)
class InitError:
    """An environment that did not get as far as serving."""

    failure: Failure
    payload: bytes = b""
    """What the runtime said; empty when Lambda ended it."""
    init_s: float = 0.0
    max_memory_mb: int = 0

    def outcome(self, memory_mb: int) -> Outcome:
        error_type = self.failure.error_type if self.failure.status == "error" else ""
        return Outcome(self.init_s, memory_mb, self.max_memory_mb, status=self.failure.status, error_type=error_type)


class Environment(asyncio.Protocol):
    """Lives from `start` until its process ends. `on_free` is called after each invocation, `on_end` once."""

    def __init__(self, limits: Limits, log: LogStream, on_free: Callable[["Environment"], None], folder: Path) -> None:
        self.state = State.STARTING
        self.init_s = 0.0
        self.idle_since = 0.0
        self.pid = 0
        self.folder = folder
        """For temporary files."""
        self.retired = False
        """Ends after the invocation it runs: the code has changed."""
        self.parent: WarmParent | None = None
        self._limits = limits
        self._log = log
        self._on_free = on_free
        self._loop = asyncio.get_running_loop()
        self._buffer = frames.FrameBuffer()
        self._transport: asyncio.Transport | None = None
        self._output = -1
        self._peak_mb = 0
        self._first = True
        self._frozen = False
        self._started: asyncio.Future[InitError | None] | None = None
        self._on_result: Callable[[InvokeResult], None] | None = None
        self._record: InvocationLog | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = self._due = math.inf

    async def start(
        self, parent: WarmParent, code: Code, limit_s: float, record: InvocationLog | None = None
    ) -> InitError | None:
        """Fork and init, at most `limit_s` seconds. What it prints goes to `record`, else to the environment's stream.

        None when it is ready; otherwise its process has ended. Raises WarmParentLost.
        """
        self._record, self.parent = record, parent
        if record is not None:
            record.stream = self._log
        self._started = self._loop.create_future()
        ours, theirs = socket.socketpair()
        self._output, their_output = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self._output, False)
        ours.setblocking(False)
        began = time.perf_counter()
        await self._loop.create_connection(lambda: self, sock=ours)
        self._loop.add_reader(self._output, self._read_output)
        try:
            self.pid = await parent.fork(code, (theirs.fileno(), their_output), self._exited)
        except BaseException:
            self._close()
            raise
        finally:
            theirs.close()
            os.close(their_output)
        self._timer = self._loop.call_later(limit_s, self._init_timed_out, limit_s)
        failed = await self._started
        self._stop_timer()
        self.init_s = time.perf_counter() - began
        if failed is not None:
            self.end()
            return replace(failed, init_s=self.init_s, max_memory_mb=self._peak_mb)
        self.state, self.idle_since = State.IDLE, self._loop.time()
        self._record = None
        return None

    def invoke(
        self,
        arn: str,
        event: bytes,
        client_context: str | None,
        record: InvocationLog,
        on_result: Callable[[InvokeResult], None],
        spent_s: float = 0.0,
    ) -> None:
        """Run one invocation; the environment has to be idle. `client_context` is JSON.

        `on_result` is called once. `spent_s` of the timeout are over.
        """
        assert self.state is State.IDLE
        assert self._transport is not None
        self._thaw()
        self.state, self._record, self._on_result = State.BUSY, record, on_result
        left = max(0.0, self._limits.timeout_s - spent_s)
        record.stream = self._log
        deadline_ms = int((time.time() + left) * 1000)
        about = (record.request_id, deadline_ms, self._limits.response_bytes, arn, client_context or "")
        self._wait_until(self._loop.time() + left)
        self._transport.write(frames.encode(about, event))

    def rest(self) -> None:
        """Freeze it, as Lambda does between invocations, unless the next one comes at once: threads do not run on."""
        self._wait_until(self._loop.time() + self._limits.freeze_after_s)

    def end(self) -> None:
        """Kill it. An invocation that it runs fails."""
        self._kill()
        self._close()

    def check_memory(self) -> None:
        """Kill it when it holds more than the function may: Lambda's own way.

        Measured, not limited by the kernel: RLIMIT_AS and RLIMIT_DATA count address space, of which threads and
        libraries reserve far more than they touch, so functions would fail here that run on Lambda. As in Lambda's
        cgroup all resident pages count, those shared with the warm parent too.
        """
        if not self.pid:
            return
        kilobytes = used_kb(self.pid)
        self._peak_mb = max(self._peak_mb, kilobytes // 1024)
        if kilobytes > self._limits.memory_mb * 1024:
            self._kill_for_memory()

    def _kill_for_memory(self) -> None:
        self._peak_mb = self._limits.memory_mb
        self._kill()

    def _kill(self) -> None:
        if self.parent is not None and self.pid:
            self.parent.kill(self.pid)

    def _wait_until(self, due: float) -> None:
        """Time out or freeze then. Under load the time only moves on, and the timer is left as it is."""
        self._due = due
        if self._timer is None or due < self._timer_at:
            self._stop_timer()
            self._timer, self._timer_at = self._loop.call_at(due, self._rang), due

    def _rang(self) -> None:
        self._timer = None
        if self._loop.time() < self._due:
            if self._due < math.inf:
                self._wait_until(self._due)
        elif self.state is State.BUSY:
            self._timed_out()
        elif self.state is State.IDLE:
            self._frozen = True
            self._signal_all(signal.SIGSTOP)

    def _thaw(self) -> None:
        if self._frozen:
            self._frozen = False
            self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: signal.Signals) -> None:
        with contextlib.suppress(OSError):  # it has just ended
            os.killpg(self.pid, number)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A cast: uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """A function may write to any descriptor, this one too: what is no frame ends the environment."""
        try:
            for about, payload in self._buffer.feed(data):
                self._heard(about, payload)
        except ValueError:
            if self.state is not State.ENDED:
                _LOG.warning("pid %d wrote to the descriptor of its runtime, and is killed", self.pid)
                self._kill()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - its name is the protocol's
        """Its end tells more when it is busy or starting: the process exits, or runs into its timeout."""
        if self.state is State.IDLE:
            self.end()

    def _heard(self, about: list[str], payload: bytes) -> None:
        kind, max_memory_kb, request_id, size, error_type = about
        if int(max_memory_kb) > self._limits.memory_mb * 1024:
            self._kill_for_memory()  # too much between two checks: Lambda would not have let it come to this answer
            return
        self._peak_mb = max(self._peak_mb, int(max_memory_kb) // 1024)
        if self.state is State.STARTING and self._started is not None and not self._started.done():
            failure = None if kind == "ready" else Failure(error_type, "", "error")
            self._read_output()
            self._started.set_result(InitError(failure, payload) if failure else None)
        elif self.state is State.BUSY and self._record is not None and request_id == self._record.request_id:
            self._answered(kind, payload, int(size))

    # what happens to it

    def _answered(self, kind: str, payload: bytes, size: int) -> None:
        if size > self._limits.response_bytes:
            self._fail(failures.response_too_large(size, self._limits.response_bytes))
        else:
            self._finish(payload, "Unhandled" if kind == "error" else None)
        if self.state is State.BUSY:
            self.state, self.idle_since = State.IDLE, self._loop.time()
            self._on_free(self)

    def _timed_out(self) -> None:
        assert self._record is not None
        failure = failures.timed_out(self._record.request_id, self._limits.timeout_s)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{time.time_ns() // 1_000_000 % 1000:03d}Z"
        self._read_output()
        text = failure.message.split("Error: ", 1)[1]
        self._record.note(f"{stamp} {self._record.request_id} {text}\n\n")
        self._fail(failure)
        self.end()

    def _init_timed_out(self, limit_s: float) -> None:
        if self._started is not None and not self._started.done():
            failure = Failure("Sandbox.Timedout", f"Task timed out after {limit_s:.2f} seconds", "timeout")
            self._started.set_result(InitError(failure))

    def _exited(self, wait_status: int) -> None:
        self._read_output()
        if self._started is not None and not self._started.done():
            failure = failures.exited("", wait_status)
            self._started.set_result(InitError(failure))
        elif self.state is State.BUSY and self._record is not None:
            failure = failures.exited(self._record.request_id, wait_status)
            self._record.note(f"{failure.message}\n{failure.error_type}\n")
            self._fail(failure)
        self._close()

    def _fail(self, failure: Failure) -> None:
        self._finish(failure.payload, "Unhandled", failure)

    def _finish(self, payload: bytes, function_error: str | None, failure: Failure | None = None) -> None:
        self._due = math.inf
        self._read_output()
        record, on_result = self._record, self._on_result
        assert record is not None
        assert on_result is not None
        kind = (failure.status, failure.error_type if failure.status == "error" else "") if failure else ("", "")
        if function_error and not failure:
            kind = ("error", str(json.loads(payload).get("errorType", "")))
        record.end(self._peak_mb, self.init_s if self._first else None, *kind)
        self._first, self._record, self._on_result = False, None, None
        tail, outcome = record.tail(), record.outcome
        on_result(InvokeResult(payload, function_error, record.request_id, tail, outcome=outcome))

    def _read_output(self) -> None:
        """Take what it has printed up to now: written before its answer, so it belongs to this invocation."""
        for _ in range(_READS_AT_ONCE):
            if self._output < 0:
                return
            try:
                data = os.read(self._output, _PIPE_BYTES)
            except BlockingIOError:
                return
            if not data:
                self._loop.remove_reader(self._output)
                os.close(self._output)
                self._output = -1
                return
            (self._record or self._log).write(data)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close(self) -> None:
        """Free what it holds in this process; once."""
        if self.state is State.ENDED:
            return
        if self.state is State.BUSY and self._record is not None:
            self._fail(failures.exited(self._record.request_id, 9))
        self.state = State.ENDED
        self._stop_timer()
        if self._output >= 0:
            self._loop.remove_reader(self._output)
            os.close(self._output)
            self._output = -1
        if self._transport is not None:
            self._transport.close()
        self._on_free(self)
