"""One stack for all end-to-end tests that do not break it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import httpx
import pytest

from tests.e2e.people import DEADLINE_S, Person
from tests.e2e.running_stack import COMPANIONS, UNPACED, RunningStack, unlimited_options

Join = Callable[..., Awaitable[Person]]


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The project's stack, running."""
    companions = [f"--companion={companion}" for companion in COMPANIONS]
    running = RunningStack(tmp_path_factory.mktemp("stack") / "data", [UNPACED, *companions]).start()
    yield running
    running.drop()


@pytest.fixture(scope="module")
def unlimited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A module's own stack for what many do at once: with rate limits that are out of the way."""
    running = RunningStack(tmp_path_factory.mktemp("unlimited") / "data", unlimited_options()).start()
    yield running
    running.drop()


@pytest.fixture
async def console(stack: RunningStack) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the stack's console, where the simulated phones are."""
    async with httpx.AsyncClient(base_url=stack.url("console"), timeout=DEADLINE_S) as client:
        yield client


@pytest.fixture
async def join(stack: RunningStack) -> AsyncIterator[Join]:
    """Registers people; their HTTP clients are closed at the end."""
    people: list[Person] = []

    async def register(name: str = "ana") -> Person:
        person = await Person.join(stack.url("http"), stack.url("websocket", "ws"), name)
        people.append(person)
        return person

    yield register
    for person in people:
        await person.http.aclose()
