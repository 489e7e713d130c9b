"""Clients with real stores between a server that is right by construction and a network that is not: all end equal."""

from pathlib import Path

import pytest

from tests.live.model import checks
from tests.live.model.__main__ import found_out
from tests.live.model.mutations import MUTATIONS
from tests.live.model.scenario import Scenario, Size
from tests.live.model.virtual_time import run

SEEDS = range(10)
_STEPS = 1_700
"""About a thousand messages each, with what else is done."""
_MUTATED_SEEDS, _MUTATED_STEPS = range(10), 200


@pytest.mark.parametrize("seed", SEEDS)
def test_every_store_is_the_servers_history_in_the_end(seed: int, tmp_path: Path) -> None:
    """A failing one: `python -m tests.live.model --seed N --steps 1700` says how few steps it needs."""
    run(Scenario(seed, Size(_STEPS), tmp_path).run())


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_broken_rule_is_found_out(mutation: str) -> None:
    found = found_out(mutation, _MUTATED_SEEDS, _MUTATED_STEPS)
    assert found is not None
    assert found[1].startswith(checks.Differs.__name__), found
