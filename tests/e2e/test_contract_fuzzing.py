"""The OpenAPI document against the running stack: schemathesis finds nothing (docs/decisions/0044)."""

from pathlib import Path

from tests.e2e.contract_fuzzing import configuration, run, things
from tests.e2e.people import Person
from tests.e2e.running_stack import RunningStack

SINGLE_S, STATEFUL_S = 40, 20


async def test_schemathesis_finds_nothing(unlimited: RunningStack, tmp_path: Path) -> None:
    url, sockets = unlimited.url("http"), unlimited.url("websocket", "ws")
    person, other = await Person.join(url, sockets, "ana"), await Person.join(url, sockets, "ben")
    given = configuration(await things(person, other))
    for each in (person, other):
        await each.http.aclose()
    single = run(url, person.token, tmp_path, given, "examples,coverage,fuzzing", SINGLE_S)
    assert single.returncode == 0, single.stdout[-20_000:] + single.stderr[-2_000:]
    # What one operation made the next ones ask for: things that are given would be taken for those.
    stateful = run(url, person.token, tmp_path, configuration({}), "stateful", STATEFUL_S)
    assert stateful.returncode == 0, stateful.stdout[-20_000:] + stateful.stderr[-2_000:]
