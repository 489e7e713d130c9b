"""A step at which a share of all environments is killed or paused for a while."""

import time
from dataclasses import dataclass
from random import Random

from tests.chaos.faults.rules import rule, until_met
from tests.chaos.world import Fault, World

_MET_WITHIN_S = 60.0


@dataclass
class Often(Fault):
    """For so long each environment that comes to the step meets it by this chance."""

    name: str
    function: str
    at: str
    share: float
    pause_s: float = 0.0
    """0: kill -9."""
    for_s: float = 8.0

    def inject(self, world: World, random: Random) -> None:
        """Raises NotMet where nothing comes by."""
        what = {"kind": "pause", "seconds": self.pause_s} if self.pause_s else {"kind": "kill"}
        with rule(world, "function", self.function, at=self.at, share=self.share, **what) as identifier:
            time.sleep(self.for_s)
            until_met(world, identifier, _MET_WITHIN_S)


@dataclass
class KillStackAtStep(Fault):
    """The stack is killed while an environment is paused at a step: what it works at is half done."""

    name: str
    function: str
    at: str

    def inject(self, world: World, random: Random) -> None:
        """Raises NotMet where nothing comes by."""
        with rule(world, "function", self.function, "pause", seconds=20, at=self.at, count=1) as identifier:
            until_met(world, identifier, _MET_WITHIN_S)
            world.kill()
            world.start()
