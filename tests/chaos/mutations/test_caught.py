"""One of the mutations in a short run, so that it is always seen that the checks see; `scripts/chaos --mutations` runs all."""

from dataclasses import replace

import pytest

from tests.chaos.mutations.catalogue import named
from tests.chaos.mutations.run import show

pytestmark = pytest.mark.engines

SEED = 3


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["claim"])
def test_a_safety_that_is_gone_is_noticed(name: str) -> None:
    shown = show(replace(named(name), seconds=8.0, messages=160, settle_s=8.0), SEED)
    assert shown.first is not None, shown.violations
