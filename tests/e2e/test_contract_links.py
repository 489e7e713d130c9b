"""The OpenAPI document against the running stack, where an operation asks for what another has made."""

from pathlib import Path

from tests.e2e.contract_fuzzing import configuration, run
from tests.e2e.people import Person
from tests.e2e.running_stack import RunningStack

SECONDS = 120


async def test_schemathesis_finds_nothing_in_what_follows(unlimited: RunningStack, tmp_path: Path) -> None:
    url = unlimited.url("http")
    person = await Person.join(url, unlimited.url("websocket", "ws"), "ana")
    await person.http.aclose()
    # Things that are given would be taken for those that an operation made.
    found = run(url, person.token, tmp_path, configuration({}), "stateful", SECONDS)
    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr[-2_000:]
