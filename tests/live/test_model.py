"""Clients with real stores between a server that is right by construction and a network that is not: all end equal."""

from pathlib import Path

import pytest

from tests.live.model import checks
from tests.live.model.__main__ import found_out
from tests.live.model.mutations import MUTATIONS
from tests.live.model.scenario import Scenario, Size
from tests.live.model.virtual_time import run

SEEDS = range(8)
_STEPS = 250
_TRIES = 6


@pytest.mark.parametrize("seed", SEEDS)
def test_every_store_is_the_servers_history_in_the_end(seed: int, tmp_path: Path) -> None:
    """A failing one: `python -m tests.live.model --seed N --steps 250` says how few steps it needs."""
    run(Scenario(seed, Size(_STEPS), tmp_path).run())


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_broken_rule_is_found_out(mutation: str) -> None:
    found = found_out(mutation, range(_TRIES), _STEPS)
    assert found is not None
    assert found[1].startswith(checks.Differs.__name__), found
