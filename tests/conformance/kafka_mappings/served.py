"""The application of this section on a running stack, and Kafka as its clients see it."""

import asyncio
import gc
import json
import time
import warnings
from base64 import b64decode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient

from local.endpoints import Endpoints
from local.status import read_status
from tests.local.stack_process import StackProcess

TEMPLATE = Path(__file__).parent / "application" / "template.yaml"
WITHIN_S = 40.0
Event = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One invocation; `ended` is None while it runs. Times in seconds since the epoch."""

    begun: float
    ended: float | None
    event: Event

    def records(self, partition: int | None = None) -> list[Event]:
        found = [record for group in self.event["records"].values() for record in group]
        return [record for record in found if partition in (None, record["partition"])]

    def values(self, partition: int | None = None) -> list[str]:
        return [value_of(record) for record in self.records(partition)]


class Served:
    """Runs from its making to `close`. A producer, readers and an admin client of kafka-python."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.events = folder / "events"
        self.events.mkdir()
        wanted = (f"--parameter=Events={self.events}", "--no-simulators")
        self.stack = StackProcess(TEMPLATE, folder / "data", *wanted, *options)
        self._producer: KafkaProducer | None = None
        self._reader: KafkaConsumer | None = None
        self._admin: KafkaAdminClient | None = None
        self.endpoints: Endpoints
        # What the topic holds from the start fails: its ten waits run while other tests do.
        self.order("tens", poison="poison")
        self.start()

    def start(self) -> None:
        """Again after `kill`, with the data of before."""
        self.stack.start()
        self.endpoints = self.stack.until_ready()

    def kill(self) -> None:
        """kill -9 of the stack."""
        self._close_clients()
        self.stack.process.kill()
        self.stack.until_ended()

    def close(self) -> None:
        self._close_clients()
        self.stack.close()

    @property
    def servers(self) -> str:
        return self.endpoints.kafka_bootstrap_servers

    def produce(
        self,
        topic: str,
        values: Iterable[str | bytes | None],
        partition: int = 0,
        *,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes]] = (),
        at_ms: int | None = None,
    ) -> None:
        """Write in order to one partition, and wait for the acks."""
        if self._producer is None:
            self._producer = KafkaProducer(
                bootstrap_servers=self.servers, acks="all", enable_idempotence=False, max_request_size=16_000_000
            )
        sent = [
            self._producer.send(
                topic,
                value.encode() if isinstance(value, str) else value,
                key=key,
                headers=list(headers),
                partition=partition,
                timestamp_ms=at_ms,
            )
            for value in values
        ]
        for one in sent:
            one.get(WITHIN_S)

    def read(self, topic: str, count: int, partition: int = 0) -> list[Any]:
        """The first records of a partition; waits until there are `count`."""
        consumer, place = self._consumer(), TopicPartition(topic, partition)
        consumer.assign([place])
        consumer.seek_to_beginning(place)
        found: list[Any] = []
        deadline = time.monotonic() + 2 * WITHIN_S
        while len(found) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} records in {topic}"
            found += consumer.poll(200).get(place, [])
        return found

    def end(self, topic: str, partition: int = 0) -> int:
        """Offset after the last record."""
        place = TopicPartition(topic, partition)
        return int(self._consumer().end_offsets([place])[place])

    def committed(self, group: str) -> dict[int, int]:
        """By partition, where the group goes on."""
        if self._admin is None:
            self._admin = KafkaAdminClient(bootstrap_servers=self.servers)
        found = self._admin.list_group_offsets(group)[group]
        return {place.partition: offset.offset for place, offset in found.items() if offset.offset >= 0}

    def order(self, function: str, **orders: Any) -> None:
        """What the function is to do from now on: `hold` values, `poison`, `report`, `takes_s`, `answer`."""
        file = self.events / f"{function}.orders"
        written = file.with_suffix(".new")
        written.write_text(json.dumps(orders))
        written.replace(file)

    def calls(self, function: str, topic: str | None = None) -> list[Call]:
        """In the order in which they began."""
        file = self.events / f"{function}.jsonl"
        text = file.read_bytes().rpartition(b"\n")[0] if file.exists() else b""
        found: dict[str, Call] = {}
        for line in map(json.loads, text.splitlines()):
            begun = found.get(line["id"])
            found[line["id"]] = (
                Call(line["at"], None, line["event"]) if begun is None else replace(begun, ended=line["at"])
            )
        return [call for call in found.values() if topic is None or call.records()[0]["topic"] == topic]

    def values(self, function: str, partition: int | None = None, topic: str | None = None) -> list[str]:
        return [value for call in self.calls(function, topic) for value in call.values(partition)]

    def status(self) -> dict[str, Any]:
        found = asyncio.run(read_status(self.stack.data))
        assert found is not None
        return dict(found)

    def mapping(self, logical_id: str) -> dict[str, Any]:
        (found,) = [one for one in self.status()["mappings"] if one["logical_id"] == logical_id]
        return dict(found)

    def engine_pid(self) -> int:
        (pid,) = [engine["pid"] for engine in self.status()["engines"] if engine["name"] == "kafka"]
        return int(pid or 0)

    def _consumer(self) -> KafkaConsumer:
        if self._reader is None:
            self._reader = KafkaConsumer(bootstrap_servers=self.servers, group_id=None, enable_auto_commit=False)
        return self._reader

    def _close_clients(self) -> None:
        if self._producer is not None:
            self._producer.close(timeout=0)
        for client in (self._reader, self._admin):
            if client is not None:
                client.close()
        self._producer = self._reader = self._admin = None
        with warnings.catch_warnings():
            # kafka-python leaves sockets of refused connections to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


def value_of(record: Event) -> str:
    return b64decode(record.get("value", "")).decode()


def until(condition: Callable[[], bool], what: str, timeout_s: float = WITHIN_S) -> None:
    """Poll until the condition holds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout_s:g} s: {what}"
        time.sleep(0.02)


def numbers(count: int, start: int = 0) -> list[str]:
    return [str(number) for number in range(start, start + count)]
