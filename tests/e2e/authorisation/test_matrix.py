"""The matrix holds on the running system: every operation, every kind of target, every caller."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.authorisation.asking import Outcome, ask
from tests.e2e.authorisation.matrix import ROWS, SECTIONS, WITHOUT_ROW
from tests.e2e.authorisation.row import NO_TOKEN, OPEN_TO, ROLES, Row
from tests.e2e.authorisation.table import FILE, render
from tests.e2e.authorisation.template_operations import operations
from tests.e2e.authorisation.world import World
from tests.e2e.people import Person, ok
from tests.e2e.running_stack import ROOT, RunningStack, unlimited_options

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT_ONCE = 4
BY_DEFAULT = "--parameter=ChannelAccounts=administrators"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """On a stack where accounts are the administrators', as they are by default."""
    running = RunningStack(
        tmp_path_factory.mktemp("authorisation") / "data", [*unlimited_options(), BY_DEFAULT]
    ).start()
    made = World(running)
    try:
        async with made.open:
            yield await made.build()
    finally:
        running.drop()


async def test_every_operation_of_the_template_is_in_the_matrix() -> None:
    offered, known = operations(ROOT / "template.yaml"), {row.operation for row in ROWS} | WITHOUT_ROW.keys()
    assert (sorted(offered - known), sorted(known - offered)) == ([], [])


async def test_the_documentation_has_this_matrix() -> None:
    assert FILE.read_text("utf-8") == render(), "run scripts/authorisation"


# Presence first: others make conversations in which who was a stranger meets members. Then WebSocket: the owner is in each group
# that the others make, and a sync of all of them takes long.
@pytest.mark.parametrize("section", sorted(SECTIONS, key=lambda name: (name != "Presence", name != "WebSocket")))
async def test_the_matrix_holds(world: World, section: str) -> None:
    before = await seen_by_the_owner(world.people["owner"], world.group.id)
    at_once = asyncio.Semaphore(AT_ONCE)
    found = await asyncio.gather(
        *(
            met(world, row, caller, expected, at_once)
            for row in SECTIONS[section]
            for caller, expected in expectations(row).items()
        )
    )
    wrong = [line for line in found if line]
    assert not wrong, "\n".join(wrong)
    assert await seen_by_the_owner(world.people["owner"], world.group.id) == before, "what was refused has left a trace"


def expectations(row: Row) -> dict[str, str]:
    """By caller."""
    expected = dict(zip(ROLES, row.outcomes, strict=True))
    if row.public:
        return dict.fromkeys(OPEN_TO, row.outcomes[0])
    if row.operation.startswith("ws ") and row.operation != "ws $connect":
        return expected  # without a token there is no connection, and so nothing else to ask for
    return expected | dict.fromkeys(NO_TOKEN, "401")


async def met(world: World, row: Row, caller: str, expected: str, at_once: asyncio.Semaphore) -> str:
    """What is wrong; empty where all is as the matrix has it."""
    async with at_once:
        group, account = world.group, None
        if expected[0] in "2a":
            own_account = row.changes and "{account}" in row.ids.values()
            account = await world.new_account() if own_account else None
            group = await world.new_group() if row.changes and not own_account else group
            group = world.scratch if row.operation in ("POST /v1/messages", "ws send") else group
        outcome = await ask(world, row, caller, group, account)
    if expected in outcome.words:
        return ""
    return f"{row.operation} ({row.target}) as {caller}: {expected} expected, got {outcome}"


async def test_what_is_not_there_and_what_is_not_ones_own_are_told_alike(world: World) -> None:
    """The very body of the answer, but for the path that it repeats."""
    told: dict[tuple[str, str], list[Outcome]] = {}
    for row in ROWS:
        if "404" in row.outcomes and not row.public:
            caller = "outsider" if row.outcomes[5] == "404" else "former"
            told.setdefault((row.operation, str(row.body)), []).append(await ask(world, row, caller, world.group))
    for (operation, _), outcomes in told.items():
        assert len({str(outcome.body) for outcome in outcomes}) == 1, (operation, [str(o) for o in outcomes])


async def seen_by_the_owner(owner: Person, group: str) -> dict[str, object]:
    """Everything that a change would show in; watermarks apart, which those who may raise them have raised."""
    conversation = ok(await owner.http.get(f"/v1/conversations/{group}"), 200)
    history = await owner.history(group, limit=100)
    members = [{name: m[name] for name in ("user_id", "role", "channels")} for m in conversation["members"]]
    messages = [
        {name: m.get(name) for name in ("message_id", "content", "edited_at", "deleted_at")} for m in history["items"]
    ]
    return {
        "title": conversation["title"],
        "metadata": conversation["metadata"],
        "members": members,
        "messages": messages,
    }
