"""Three brokers as on MSK (replication 3, minimum in-sync 2, SCRAM over TLS), some of which die under load."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.brokers import Brokers
from tests.e2e.people import Person, Socket
from tests.e2e.running_stack import ROOT, RunningStack
from tests.e2e.steady_load import Sent, arrivals, longest_gap, steady_load, until_arrived

TALKS = 3
BEFORE_S, AFTER_S, BACK_S = 1.5, 2.5, 120.0
ARRIVED_S = 120.0
"""Above the 60 s in which a message must be routed (design.md 6): other tests may keep the machine busy."""
COLUMNS = {
    "202": 6,
    "503": 6,
    "lost": 6,
    "doubled": 9,
    "window s": 10,
    "answer p50 ms": 15,
    "longest s": 11,
    "arrived by s": 14,
}
HEAD = f"{'fault':28}" + "".join(f"{name:>{width}}" for name, width in COLUMNS.items())


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[RunningStack]:
    options = [
        "--kafka-brokers=3",
        "--kafka-security=scram",
        "--parameter=SendsPerSecond=1000",
        "--parameter=SendBurst=1000",
    ]
    running = RunningStack(tmp_path / "data", options).start()
    yield running
    running.stop()


class Trial:
    """People who talk, a fault, and the row of the table that says what came of it."""

    def __init__(self, talks: list[tuple[Person, str]], bob: Person, socket: Socket, brokers: Brokers) -> None:
        self._talks = talks
        self._bob = bob
        self._socket = socket
        self._brokers = brokers

    async def row(self, name: str, fault: Callable[[], None]) -> None:
        """Prints it. Fails where anything was lost, doubled, reordered, or answered with neither 202 nor 503 with Retry-After."""
        async with steady_load(self._talks) as sent:
            await asyncio.sleep(BEFORE_S)
            hit = time.monotonic()
            await asyncio.to_thread(fault)
            await asyncio.sleep(AFTER_S)
            await self._all_back()
        missing = await until_arrived(self._socket, sent, ARRIVED_S)
        assert not missing, f"{name}: {len(missing)} of {len(sent)} did not arrive"
        first = arrivals(self._socket)
        doubled = await self._doubled(sent)
        codes = Counter(code for one in sent for code in one.answers)
        times = [at for at, _, _ in first.values() if at > hit - BEFORE_S]
        answers = sorted(seconds for one in sent for seconds in one.seconds)
        latest = max(first[one.message_id][0] - one.accepted for one in sent)
        assert codes.keys() <= {202, 503}, codes
        assert not any(one.without_retry_after for one in sent)
        assert not doubled
        self._in_order(first)
        print(
            f"{name:28}{codes[202]:6}{codes[503]:6}{len(missing):6}{doubled:9}{longest_gap(times):10.2f}"
            f"{answers[len(answers) // 2] * 1000:15.0f}{answers[-1]:11.2f}{latest:14.2f}",
            flush=True,
        )

    async def _all_back(self) -> None:
        deadline = time.monotonic() + BACK_S
        while not await asyncio.to_thread(self._brokers.all_run):
            assert time.monotonic() < deadline, "a broker was not started again"
            await asyncio.sleep(0.2)

    async def _doubled(self, sent: list[Sent]) -> int:
        """Messages that history has more than once, or not at all."""
        wanted = Counter(one.message_id for one in sent)
        found: Counter[str] = Counter()
        for _, conversation in self._talks:
            cursor = {}
            while True:
                page = await self._bob.history(conversation, limit=100, **cursor)
                found.update(item["message_id"] for item in page["items"])
                if not page["next_cursor"]:
                    break
                cursor = {"cursor": page["next_cursor"]}
        return sum(found[message_id] != 1 for message_id in wanted)

    @staticmethod
    def _in_order(first: dict[str, tuple[float, int, str]]) -> None:
        by_conversation: dict[str, list[int]] = {}
        for _, seq, conversation in sorted(first.values()):
            by_conversation.setdefault(conversation, []).append(seq)
        for seqs in by_conversation.values():
            assert all(earlier < later for earlier, later in pairwise(seqs)), seqs


@pytest.mark.engines
@pytest.mark.timeout(600)
async def test_brokers_die_under_load_and_nothing_is_lost_doubled_or_reordered(stack: RunningStack) -> None:
    brokers = Brokers(stack)
    partitions = brokers.topic("chat4all.messages")["partitions"]
    assert {len(partition["replica_nodes"]) for partition in partitions} == {3}
    assert brokers.config("chat4all.messages", "min.insync.replicas") == "2"
    bob, *senders = [
        await Person.join(stack.url("http"), stack.url("websocket", "ws"), name) for name in ("bob", *["ana"] * TALKS)
    ]
    talks = [(ana, await ana.conversation(bob)) for ana in senders]
    async with bob.online() as socket:
        for ana, conversation in talks:
            await ana.send(conversation, "warm")
        trial = Trial(talks, bob, socket, brokers)
        leader = int(partitions[0]["leader_id"])
        print(f"\n{HEAD}")
        await trial.row("none", lambda: None)
        await trial.row("leader killed", lambda: brokers.kill(leader))
        await trial.row("active controller killed", lambda: brokers.kill(brokers.controller()))
        await trial.row("two killed", lambda: brokers.kill(*two_of(brokers.controller())))
        await trial.row("two paused for 4 s", lambda: pause(stack, *two_of(brokers.controller())))
    for person in (bob, *senders):
        await person.http.aclose()


def two_of(controller: int) -> tuple[int, int]:
    """The active controller and another."""
    return controller, controller % 3 + 1


def pause(stack: RunningStack, *numbers: int) -> None:
    """By scripts/fault."""
    for number in numbers:
        command = ["-m", "local", "fault", "add", f"--data={stack.data}", "engine", f"kafka-{number}", "pause", "4"]
        ran = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
        assert ran.stdout == f"Done: engine kafka-{number}: pause 4 s\n", ran.stderr
