"""All faults that the chaos runs inject."""

from collections.abc import Sequence

from tests.chaos.world import Fault


def all_faults() -> Sequence[Fault]:
    """Each once."""
    return ()
