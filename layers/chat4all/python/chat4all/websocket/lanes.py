"""Work for many connections side by side, in which those that stand still hold up nobody else for long."""

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")
R = TypeVar("R")

LANES = 16
"""At a time, as long as they move: more threads would only wait for one processor."""
LANES_MAX = 128
"""Where lanes stand still, others are opened beside them, up to so many."""
STANDSTILL_S = 0.15
"""Nothing has ended for so long: the lanes stand still."""
PATIENCE_S = 1.0
"""Nothing has ended for so long, though all has begun that can: what is left is given up."""


class Lanes:
    """Threads, kept between invocations. What is given up goes on in its thread until its own timeout, and nobody listens."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(LANES_MAX, thread_name_prefix="lane")

    def each(self, work: Mapping[K, V], do: Callable[[K, V], R]) -> dict[K, R]:
        """What `do` returned, by key; what did not end is missing. An exception of `do` is raised, once the others have ended.

        N that stand still among M cost the others about STANDSTILL_S for each doubling of LANES, and the call PATIENCE_S.
        """
        if len(work) == 1:
            return {key: do(key, value) for key, value in work.items()}
        waiting = deque(work.items())
        ended: SimpleQueue[tuple[K, R | BaseException]] = SimpleQueue()
        self._open(min(LANES, len(work)), waiting, do, ended)
        results: dict[K, R | BaseException] = {}
        still_s = 0.0
        while len(results) < len(work) and still_s < PATIENCE_S:
            try:
                key, result = ended.get(timeout=STANDSTILL_S)
            except Empty:
                still_s += STANDSTILL_S
                at_work = len(work) - len(results) - len(waiting)
                self._open(min(at_work, len(waiting)), waiting, do, ended)
            else:
                results[key], still_s = result, 0.0
        waiting.clear()
        return {key: _returned(result) for key, result in results.items()}

    def _open(
        self,
        count: int,
        waiting: deque[tuple[K, V]],
        do: Callable[[K, V], R],
        ended: "SimpleQueue[tuple[K, R | BaseException]]",
    ) -> None:
        for _ in range(count):
            self._pool.submit(_lane, waiting, do, ended)


def _lane(
    waiting: deque[tuple[K, V]], do: Callable[[K, V], R], ended: "SimpleQueue[tuple[K, R | BaseException]]"
) -> None:
    while True:
        try:
            key, value = waiting.popleft()
        except IndexError:
            return
        try:
            ended.put((key, do(key, value)))
        except BaseException as error:
            ended.put((key, error))


def _returned(result: R | BaseException) -> R:
    if isinstance(result, BaseException):
        raise result
    return result
