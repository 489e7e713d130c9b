"""Clients with real stores between a server that is right by construction and a network that is not: all end equal."""

from pathlib import Path

import pytest

from tests.live.model.scenario import Scenario, Size
from tests.live.model.virtual_time import run

SEEDS = range(3)
_STEPS = 1_700
"""About a thousand messages each, with what else is done."""


@pytest.mark.parametrize("seed", SEEDS)
def test_every_store_is_the_servers_history_in_the_end(seed: int, tmp_path: Path) -> None:
    """A failing one: `python -m tests.live.model --seed N --steps 1700` says how few steps it needs."""
    run(Scenario(seed, Size(_STEPS), tmp_path).run())
