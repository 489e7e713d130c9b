"""Each rule of the client, broken, is found out by the model."""

import pytest

from tests.live.model import checks
from tests.live.model.__main__ import found_out
from tests.live.model.mutations import MUTATIONS

_SEEDS, _STEPS = range(40), 200


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_broken_rule_is_found_out(mutation: str) -> None:
    found = found_out(mutation, _SEEDS, _STEPS)
    assert found is not None
    assert found[1].startswith(checks.Differs.__name__), found
