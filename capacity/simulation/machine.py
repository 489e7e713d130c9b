"""Processors that everything shares, in turns, as a kernel shares them."""

import math
import random
from collections.abc import Callable, Generator
from typing import Any

import simpy

Step = Generator[simpy.Event, Any, None]
Taken = Generator[simpy.Event, Any, list[Any]]
"""Returns a batch."""
_TURN_MS = 2.0


class Machine:
    """`processors` of them; `slowed` is the share of their time that goes elsewhere."""

    def __init__(self, environment: simpy.Environment, processors: int, slowed: float) -> None:
        self.environment = environment
        self._processors = simpy.Resource(environment, processors)
        self._speed = 1 - slowed

    def work(self, ms: float) -> Step:
        """So much processor time, in turns with what else is to be done."""
        left = ms / self._speed
        while left > 0:
            turn = min(left, _TURN_MS)
            with self._processors.request() as mine:
                yield mine
                yield self.environment.timeout(turn)
            left -= turn

    def work_alone(self, thread: simpy.Resource, ms: float) -> Step:
        """The same in a process that does one thing at a time."""
        with thread.request() as mine:
            yield mine
            yield from self.work(ms)


def lognormal(draw: random.Random, spread: float) -> Callable[[], float]:
    """Factors around 1: what takes longer at times, takes much longer."""
    return lambda: math.exp(draw.gauss(-spread * spread / 2, spread))
