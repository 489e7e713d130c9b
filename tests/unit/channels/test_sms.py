"""The fifth channel's table of payloads, by the runner of all channels."""

import json
from pathlib import Path

import pytest

from tests.channels.sms.parse import items
from tests.unit.channels.channel_cases import Case, run_case

CASES = json.loads((Path(__file__).resolve().parents[2] / "channels/sms/cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_payload_becomes_what_the_table_says(case: Case) -> None:
    run_case(case, items)
