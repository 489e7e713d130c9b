"""No fault: what must hold under load alone."""

import time
from dataclasses import dataclass
from random import Random

from tests.chaos.world import Fault, World


@dataclass
class Nothing(Fault):
    """Untroubled traffic, with its bursts."""

    name: str = "nothing"
    for_s: float = 0.5

    def inject(self, world: World, random: Random) -> None:
        time.sleep(self.for_s)
