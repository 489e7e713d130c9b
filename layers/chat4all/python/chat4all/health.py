"""Health: whether the process lives, and whether what it depends on answers."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chat4all.config import Settings
from chat4all.logs import logger

Probe = Callable[[], None]
"""Asks a dependency something small; raises when it does not answer."""

CHECK_TIMEOUT_S = 1.5
CACHED_S = 1.0


@dataclass(frozen=True, slots=True)
class Dependency:
    """The state of one dependency."""

    is_up: bool
    latency_ms: int
    error: str | None = None
    """A word for the cause; the details are logged."""

    def document(self) -> dict[str, Any]:
        """`{"status": "up", "latency_ms": 3}`, or `{"status": "down", "latency_ms", "error"}`."""
        state: dict[str, Any] = {"status": "up" if self.is_up else "down", "latency_ms": self.latency_ms}
        return state if self.error is None else state | {"error": self.error}


class Readiness:
    """Asks all dependencies at once, waits a short time, and keeps the answer for a second."""

    def __init__(self, probes: Mapping[str, Probe], timeout_s: float = CHECK_TIMEOUT_S) -> None:
        self._probes = probes
        self._timeout_s = timeout_s
        # One that hangs keeps its thread until its own timeout; two more rounds can still be asked.
        self._pool = ThreadPoolExecutor(3 * len(probes), thread_name_prefix="health")
        self._asked_at = float("-inf")
        self._states: dict[str, Dependency] = {}

    def check(self) -> dict[str, Dependency]:
        """The state of each dependency by name."""
        started = time.monotonic()
        if started - self._asked_at >= CACHED_S:
            asked = {name: self._pool.submit(_ask, name, probe) for name, probe in self._probes.items()}
            self._states = {name: self._answer(future, started) for name, future in asked.items()}
            self._asked_at = time.monotonic()
        return self._states

    def _answer(self, future: Future[Dependency], started: float) -> Dependency:
        try:
            return future.result(max(0.0, started + self._timeout_s - time.monotonic()))
        except TimeoutError:
            return Dependency(False, _ms_since(started), "timeout")


class Health:
    """Readiness of this deployment."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether everything is up, and the document that says so of each dependency."""
        states = self._readiness.check()
        is_ready = all(state.is_up for state in states.values())
        dependencies = {name: state.document() for name, state in states.items()}
        return is_ready, {"status": "ready" if is_ready else "degraded", "dependencies": dependencies}

    @cached_property
    def _readiness(self) -> Readiness:
        from chat4all.dependency_probes import probes

        return Readiness(probes(self._settings))


def _ask(name: str, probe: Probe) -> Dependency:
    started = time.monotonic()
    try:
        probe()
    except Exception as error:
        logger.warning("dependency is down", dependency=name, cause=f"{type(error).__name__}: {error}")
        return Dependency(False, _ms_since(started), type(error).__name__)
    return Dependency(True, _ms_since(started))


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
