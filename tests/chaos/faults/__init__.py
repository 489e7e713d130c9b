"""All faults that the chaos runs inject."""

from collections.abc import Sequence

from tests.chaos.faults.away import KafkaAway
from tests.chaos.faults.clock import CLOCKS
from tests.chaos.faults.disk import FullDisk
from tests.chaos.faults.network import NETWORKS
from tests.chaos.faults.processes import PROCESSES
from tests.chaos.faults.provider import PROVIDER
from tests.chaos.faults.steps import STEPS
from tests.chaos.faults.sweeper import SWEEPER
from tests.chaos.world import Fault


def all_faults() -> Sequence[Fault]:
    """Each once."""
    return (*STEPS, *SWEEPER, *PROVIDER, *PROCESSES, KafkaAway(), *NETWORKS, *CLOCKS, FullDisk())
