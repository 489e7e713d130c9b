"""`/metrics`: everything in Prometheus' text format, looked at when somebody asks."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

from aiohttp import web
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

from local.application import KafkaMapping
from local.console.kafka_reader import KafkaReader, KafkaUnavailable
from local.metrics.log_reader import LogReader
from local.metrics.platform import Facts, KafkaFacts, Partition, families

_LOOK_EVERY_S = 5.0
_UNREAD_BYTES = 4 << 20
"""Logs that grow by so much are read though nobody asks, before their older part is thrown away."""


class MetricsPage:
    """`facts` is called in the event loop, everything else in a thread of its own."""

    def __init__(
        self, logs: LogReader, kafka: KafkaReader | None, groups: Mapping[str, str], facts: Callable[[], Facts]
    ) -> None:
        """`groups`: the topic of each mapping's consumer group; `kafka` is None without any."""
        self._logs = logs
        self._kafka = kafka
        self._groups = groups
        self._facts = facts
        self._thread = ThreadPoolExecutor(1, "metrics")
        self._watch: asyncio.Task[None] | None = None

    def add_to(self, app: web.Application) -> None:
        """Route it."""
        app.router.add_get("/metrics", self.answer)
        app.on_startup.append(self._start)
        app.on_cleanup.append(self._stop)

    async def answer(self, request: web.Request) -> web.Response:
        """In the form that the reader asks for: text, or OpenMetrics."""
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        facts = self._facts()

        def text() -> bytes:
            registry = CollectorRegistry(auto_describe=False)
            registry.register(_Once(list(self._collected(facts))))
            return encode(registry)

        body = await asyncio.get_running_loop().run_in_executor(self._thread, text)
        return web.Response(body=body, headers={"Content-Type": content_type})

    def _collected(self, facts: Facts) -> Iterator[Metric]:
        self._logs.read()
        now = replace(facts, kafka=self._of_kafka(), documents=self._logs.documents, refused=self._logs.refused)
        own = list(families(now))
        yield from own
        taken = {family.name for family in own}
        yield from (family for family in self._logs.series.families() if family.name not in taken)

    def _of_kafka(self) -> KafkaFacts | None:
        if self._kafka is None:
            return None
        try:
            brokers, replicas = self._kafka.replicas()
            ends = self._kafka.ends()
            committed = self._kafka.committed(self._groups)
        except KafkaUnavailable:
            return None
        partitions = {
            (topic, number): Partition(*span, *replicas.get((topic, number), (0, 0)))
            for topic, spans in ends.items()
            for number, span in spans.items()
        }
        return KafkaFacts(brokers, partitions, committed, self._groups)

    async def _start(self, _app: web.Application) -> None:
        self._watch = asyncio.create_task(self._read_what_grows())

    async def _stop(self, _app: web.Application) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        self._thread.shutdown(wait=False, cancel_futures=True)
        if self._kafka is not None:
            await asyncio.to_thread(self._kafka.close)

    async def _read_what_grows(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if self._logs.unread_bytes() > _UNREAD_BYTES:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._logs.read)


class _Once(Collector):
    """What was collected already."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        yield from self._found


def groups_of(mappings: tuple[KafkaMapping, ...]) -> dict[str, str]:
    """The topic of each consumer group."""
    return {mapping.group_id: mapping.topic for mapping in mappings}
