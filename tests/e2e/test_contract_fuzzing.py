"""The OpenAPI document against the running stack, operation by operation: schemathesis finds nothing (docs/decisions/0044)."""

from pathlib import Path

from tests.e2e.contract_fuzzing import configuration, run, things
from tests.e2e.people import Person
from tests.e2e.running_stack import RunningStack

SECONDS = 20


async def test_schemathesis_finds_nothing(unlimited: RunningStack, tmp_path: Path) -> None:
    url, sockets = unlimited.url("http"), unlimited.url("websocket", "ws")
    person, other = await Person.join(url, sockets, "ana"), await Person.join(url, sockets, "ben")
    given = configuration(await things(person, other))
    for each in (person, other):
        await each.http.aclose()
    found = run(url, person.token, tmp_path, given, "examples,coverage,fuzzing", SECONDS)
    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr[-2_000:]
