"""Kafka is away while the last messages of a run are sent: no later message of their conversations takes them along."""

import time
from dataclasses import dataclass
from random import Random
from signal import SIGKILL

from tests.chaos.faults.processes import unlimited_restarts
from tests.chaos.world import Fault, World


@dataclass
class KafkaAway(Fault):
    """Killed as often as it is started again."""

    name: str = "kafka away for some seconds"
    for_s: float = 8.0

    def prepare(self, world: World) -> None:
        unlimited_restarts(world)

    def available(self, world: World) -> str | None:
        return "there are three brokers" if world.brokers > 1 else None

    def inject(self, world: World, random: Random) -> None:
        until = time.monotonic() + self.for_s
        while time.monotonic() < until:
            world.send_signal(world.pids("kafka"), SIGKILL)
            time.sleep(0.1)
        world.until_ready()
