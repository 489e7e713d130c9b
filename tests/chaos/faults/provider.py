"""A provider that throttles, as Telegram does where a bot sends too fast: what it refuses is parked and tried again later."""

import json
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from tests.chaos.faults.processes import until_gone
from tests.chaos.faults.rules import rule, until_met
from tests.chaos.world import Fault, World

_MET_WITHIN_S = 90.0
_REFUSED = 0.3
"""Share of sends, so that something is parked at whatever rate the run sends."""


@contextmanager
def throttling(world: World) -> Iterator[None]:
    """The simulated provider enforces its rates for the time of the block, and refuses some more than they say."""
    _limit(world, {"rate_limits": True, "too_many": _REFUSED})
    try:
        yield
    finally:
        _limit(world, {"rate_limits": False, "too_many": 0})


@dataclass
class ProviderThrottles(Fault):
    """One message a second to a chat, and no more."""

    name: str = "the provider throttles"
    for_s: float = 8.0

    def inject(self, world: World, random: Random) -> None:
        with throttling(world):
            time.sleep(random.uniform(2.0, self.for_s))


@dataclass
class KillWhileThrottled(Fault):
    """An environment that parks what was refused, or tries it again, is killed at a step."""

    name: str
    function: str
    at: str

    def inject(self, world: World, random: Random) -> None:
        """Raises NotMet where nothing comes by."""
        with throttling(world), rule(world, "function", self.function, "kill", at=self.at, count=1) as identifier:
            until_gone([until_met(world, identifier, _MET_WITHIN_S)["pid"]])


def _limit(world: World, settings: dict[str, float | bool]) -> None:
    url = f"{world.direct_urls['console']}/phones/api/settings"
    request = urllib.request.Request(url, json.dumps(settings).encode(), method="PUT")
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=30):
        pass


PROVIDER: Sequence[Fault] = (
    ProviderThrottles(),
    KillWhileThrottled(
        "kill -9 telegram_send after parking", "TelegramSendFunction", "chat4all.retries.parking:Parking._write:after"
    ),
    KillWhileThrottled("kill -9 retrier after its claim", "RetrierFunction", "chat4all.retries.retrier:claim:after"),
    KillWhileThrottled(
        "kill -9 retrier after handling, before removal", "RetrierFunction", "chat4all.retries.retrier:remove:before"
    ),
)
