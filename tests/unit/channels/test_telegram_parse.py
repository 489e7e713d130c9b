import pytest

from chat4all.channels.telegram.parse import parse
from tests.unit.channels.channel_cases import Case, cases_of, run_case


@pytest.mark.parametrize("case", cases_of("telegram"), ids=lambda case: case["name"])
def test_update(case: Case) -> None:
    run_case(case, parse)
