"""Kafka is away while the last messages of a run are sent: no later message of their conversations takes them along."""

import time
from dataclasses import dataclass, field
from random import Random
from signal import SIGKILL
from threading import Thread

from tests.chaos.faults.processes import unlimited_restarts
from tests.chaos.world import Fault, World


@dataclass
class KafkaAwayAtTheEnd(Fault):
    """Killed again and again, from so long after the first injection on. It goes on beside the load, which it outlasts."""

    name: str
    after_s: float
    for_s: float = 7.0
    _thread: Thread | None = field(default=None, repr=False)

    def prepare(self, world: World) -> None:
        unlimited_restarts(world)

    def inject(self, world: World, random: Random) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._keep_away, args=(world,), daemon=True)
            self._thread.start()

    def _keep_away(self, world: World) -> None:
        time.sleep(self.after_s)
        until = time.monotonic() + self.for_s
        while time.monotonic() < until:
            world.send_signal(world.pids("kafka"), SIGKILL)
            time.sleep(0.1)
