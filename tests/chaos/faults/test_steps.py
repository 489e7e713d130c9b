"""The steps at which chaos runs kill are there: whoever renames one renames it here."""

from pathlib import Path

import pytest

from local.endpoints import Endpoints
from local.faults.step_name import check_step
from local.lambda_service.fork_request import import_roots
from local.template import load_application
from tests.chaos.faults.provider import PROVIDER
from tests.chaos.faults.steps import STEPS
from tests.chaos.faults.sweeper import SWEEPER
from tests.chaos.mutations.catalogue import MUTATIONS
from tests.e2e.running_stack import ROOT

APPLICATION = load_application(ROOT / "template.yaml", parameters={}, endpoints=Endpoints())
FUNCTIONS = {function.logical_id: function for function in APPLICATION.functions.values()}
KNOWN = [(fault.name, fault.function, fault.at) for fault in STEPS]
KNOWN += [(fault.name, "OutboxSweeperFunction", fault.at) for fault in SWEEPER]
OFTEN = [fault for fault in (*PROVIDER, *(f for m in MUTATIONS for f in m.faults)) if hasattr(fault, "at")]
KNOWN += [(fault.name, fault.function, fault.at) for fault in OFTEN]


@pytest.mark.parametrize(("name", "function", "at"), KNOWN, ids=[name for name, _, _ in KNOWN])
def test_a_step_is_in_the_code_of_its_function(name: str, function: str, at: str) -> None:
    check_step(at, [Path(root) for root in import_roots(FUNCTIONS[function])])
