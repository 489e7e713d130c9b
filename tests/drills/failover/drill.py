"""One broker after the other fails while people talk; a row for each says what that cost, and whether every promise was kept."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from tests.drills.failover.cluster import Cluster
from tests.e2e.people import Person
from tests.e2e.trial import Outcome, Trial

SENDERS = 3
PAUSE_S = 0.3
"""Below five sends a second, the limit of a user by default."""
_HEAD = (
    "broker",
    "was",
    "202",
    "503",
    "lost",
    "doubled",
    "reordered",
    "no push for",
    "answered by",
    "arrived by",
    "whole after",
)


async def drill(
    cluster: Cluster, http: str, websocket: str, say: Callable[[str], None], *, two: bool = False
) -> list[Outcome]:
    """Let each broker fail, then with `two` the first two at once, and `say` the report line by line, as Markdown.

    Raises TimeoutError where a broker does not come back, or does not get what it missed.
    """
    numbers = list(cluster.numbers())
    faults = [(number,) for number in numbers] + ([tuple(numbers[:2])] if two else [])
    say("| " + " | ".join(_HEAD) + " |")
    say("|" + "---|" * len(_HEAD))
    outcomes = []
    for fault in faults:
        told = "; ".join(filter(None, map(cluster.told, fault)))
        outcome = await _failure(cluster, fault, http, websocket)
        outcomes.append(outcome)
        say(row(" and ".join(map(str, fault)), told, outcome))
    return outcomes


async def _failure(cluster: Cluster, fault: tuple[int, ...], http: str, websocket: str) -> Outcome:
    """Of people of its own: their tokens last as long as it."""
    async with AsyncExitStack() as on_exit:
        reader, *senders = [await Person.join(http, websocket, name) for name in ("bob", *["ana"] * SENDERS)]
        for person in (reader, *senders):
            on_exit.push_async_callback(_leave, person)
        talks = [(sender, await sender.conversation(reader)) for sender in senders]
        socket = await on_exit.enter_async_context(reader.online())
        for sender, conversation in talks:
            await sender.send(conversation, "warm")
        trial = Trial(talks, reader, socket, cluster.is_whole, pause_s=PAUSE_S, back_within_s=cluster.back_within_s)
        return await trial.run(lambda: cluster.fail(*fault))


async def _leave(person: Person) -> None:
    await person.http.delete("/v1/users/me")
    await person.http.aclose()


def row(name: str, told: str, outcome: Outcome) -> str:
    """A line of the report."""
    counts = (outcome.accepted, outcome.refused, outcome.lost, outcome.doubled, outcome.reordered)
    times = (outcome.window_s, outcome.answer_max_s, outcome.arrived_max_s, outcome.back_s)
    return "| " + " | ".join([name, told, *map(str, counts), *(f"{seconds:.1f} s" for seconds in times)]) + " |"
