import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from local.event_source_mappings import KafkaMappings
from tests.local.event_source_mappings import recording_poller
from tests.local.event_source_mappings.conftest import Start
from tests.local.event_source_mappings.topics import mapping, numbered, produce, values
from tests.local.fake_functions import Event, FakeFunctions, until
from tests.local.kafka_broker import KafkaBroker

pytestmark = pytest.mark.engines

COUNT = 3000
Spawn = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    children: list[subprocess.Popen[bytes]] = []

    def spawn_poller(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, recording_poller.__file__, *arguments]
        root = Path(__file__).parents[3]
        child = subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
        children.append(child)
        return child

    yield spawn_poller
    for child in children:
        child.kill()
        child.wait()


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[KafkaBroker]:
    """A broker that may be killed."""
    broker = KafkaBroker(tmp_path)
    broker.start()
    yield broker
    broker.close()


async def test_a_killed_poller_loses_nothing(kafka: KafkaBroker, topic: str, spawn: Spawn, tmp_path: Path) -> None:
    file = tmp_path / "values"
    file.touch()
    arguments = (kafka.bootstrap_servers, topic, f"group-{topic}", str(uuid4()), str(file))
    for partition in (0, 1):
        produce(kafka.bootstrap_servers, topic, numbered(COUNT), partition=partition)

    for part in (1, 2, 3):
        child = spawn(*arguments)
        await until(
            lambda part=part: len(_distinct(file)) >= part * COUNT / 3,  # type: ignore[misc]
            "some records",
        )
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    spawn(*arguments)
    await until(lambda: len(_distinct(file)) == 2 * COUNT, "all records", timeout_s=30)

    first_seen = _distinct(file)
    for partition in (0, 1):
        assert [value for p, value in first_seen if p == partition] == list(range(COUNT))
    assert len(_lines(file)) < 4 * COUNT


async def test_it_goes_on_by_itself_after_the_broker_was_killed(own_kafka: KafkaBroker, start: Start) -> None:
    topic = own_kafka.create_topic("orders", partitions=2)
    functions = FakeFunctions({"worker": lambda _event: None})
    mappings = KafkaMappings([mapping(topic)], own_kafka.bootstrap_servers, functions.invoke)
    await mappings.start()
    await mappings.until_enabled()
    for round_ in range(3):
        await asyncio.to_thread(
            produce, own_kafka.bootstrap_servers, topic, numbered(200, start=200 * round_), partition=round_ % 2
        )
        await until(lambda: len(functions.calls) > 0, "some records")
        own_kafka.kill()
        await asyncio.to_thread(own_kafka.start)

    await asyncio.to_thread(produce, own_kafka.bootstrap_servers, topic, numbered(1, start=600))
    await until(lambda: len(_seen(functions)) == 601, "all records", timeout_s=30)
    await until(lambda: mappings.status()[0].lag == 0, "everything to be committed", timeout_s=30)

    await mappings.stop()
    assert mappings.status()[0].state == "Disabled"
    assert _seen(functions) >= {int(value) for value in numbered(601)}


async def test_members_that_come_and_go_lose_nothing(kafka: KafkaBroker, topic: str, start: Start) -> None:
    seen: list[tuple[int, int]] = []

    async def worker(event: Event) -> None:
        await asyncio.sleep(0.002)
        seen.extend((partition, int(value)) for partition in (0, 1) for value in values(event, partition))

    functions = FakeFunctions({"worker": worker})
    group = f"group-{topic}"
    first = await start(functions, mapping(topic, group_id=group, batch_size=10))
    for partition in (0, 1):
        produce(kafka.bootstrap_servers, topic, numbered(COUNT), partition=partition)
    await until(lambda: len(seen) > COUNT / 2, "the first member at work")

    second = await start(functions, mapping(topic, group_id=group, batch_size=10))
    await until(lambda: len(second.status()[0].partitions) == 1, "a partition for the second member", timeout_s=20)
    await until(lambda: len(first.status()[0].partitions) == 1, "the other partition for the first", timeout_s=20)
    await first.stop()

    await until(lambda: len(set(seen)) == 2 * COUNT, "all records", timeout_s=30)
    for partition in (0, 1):
        assert list(dict.fromkeys(value for p, value in seen if p == partition)) == list(range(COUNT))


async def test_a_full_buffer_pauses_without_losing_or_doubling(kafka: KafkaBroker, topic: str, start: Start) -> None:
    gate = asyncio.Semaphore(0)

    async def worker(_event: Event) -> None:
        await gate.acquire()

    functions = FakeFunctions({"worker": worker})
    mappings = await start(functions, mapping(topic, batch_size=25))
    produce(kafka.bootstrap_servers, topic, numbered(COUNT))
    await until(lambda: _buffered(mappings) >= 2000, "a full buffer")

    for _ in range(COUNT):
        gate.release()
    await until(lambda: len(_seen(functions)) == COUNT, "all records", timeout_s=20)

    assert [int(value) for _, event in functions.calls for value in values(event)] == list(range(COUNT))


def _buffered(mappings: KafkaMappings) -> int:
    return sum(partition.buffered for partition in mappings.status()[0].partitions)


def _seen(functions: FakeFunctions) -> set[int]:
    return {int(value) for _, event in functions.calls for value in values(event)}


def _lines(file: Path) -> list[tuple[int, int]]:
    whole = file.read_bytes().rpartition(b"\n")[0]
    return [(int(line.split()[0]), int(line.split()[1])) for line in whole.splitlines()]


def _distinct(file: Path) -> list[tuple[int, int]]:
    """Each (partition, value) once, in the order in which it was first seen."""
    return list(dict.fromkeys(_lines(file)))
