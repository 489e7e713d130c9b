"""kill -9 of the outbox sweeper: nothing is routed meanwhile, so that it has something to publish."""

from dataclasses import dataclass
from random import Random

from tests.chaos.faults.rules import rule, until_met
from tests.chaos.world import Fault, World

_MET_WITHIN_S = 100.0
"""It runs each minute, and publishes what has not been routed for 5 s."""


@dataclass
class KillSweeper(Fault):
    """While the router is throttled, as where its concurrency is used up."""

    name: str
    at: str
    routing: bool = False
    """Whether messages are routed meanwhile: what is behind the step happens only then."""

    def inject(self, world: World, random: Random) -> None:
        """Raises NotMet where the sweeper does not come by."""
        with rule(world, "function", "OutboxSweeperFunction", "kill", at=self.at, count=1) as identifier:
            if self.routing:
                until_met(world, identifier, _MET_WITHIN_S)
                return
            with rule(world, "function", "RouterFunction", "throttle"):
                until_met(world, identifier, _MET_WITHIN_S)


SWEEPER = (
    KillSweeper("kill -9 sweeper before publish", "chat4all.kafka.publisher:Publisher.publish:before"),
    KillSweeper("kill -9 sweeper after publish", "chat4all.kafka.publisher:Publisher.publish:after"),
    KillSweeper("kill -9 sweeper before the save", "chat4all.outbox:save_standing:before", routing=True),
)
