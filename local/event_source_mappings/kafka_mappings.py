"""All Kafka event source mappings of an application."""

import asyncio
from collections.abc import Mapping, Sequence

from local.application import KafkaMapping
from local.event_source_mappings.checks import check
from local.event_source_mappings.retry import Backoff
from local.event_source_mappings.runner import InvokeFunction, MappingRunner
from local.event_source_mappings.status import NOTHING_PROCESSED, MappingStatus


class KafkaMappings:
    """Polls the topics and invokes the functions, at least once for each record and in order for each partition.

    A topic that is not there yet and a broker that is gone are waited for; `status()` says so.
    """

    def __init__(
        self,
        mappings: Sequence[KafkaMapping],
        bootstrap_servers: str,
        invoke: InvokeFunction,
        *,
        function_arns: Mapping[str, str] | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        """`function_arns` by name, for on-failure documents. Raises InvalidMapping for what AWS would refuse."""
        for mapping in mappings:
            check(mapping)
        self._mappings = tuple(mappings)
        self._bootstrap_servers = bootstrap_servers
        self._invoke = invoke
        self._arns = function_arns or {}
        self._backoff = backoff or Backoff()
        self._runners: dict[str, MappingRunner] = {}

    async def start(self) -> None:
        """Starts a poller for each enabled mapping and returns at once, whether its topic is there or not."""
        for mapping in self._mappings:
            if mapping.enabled:
                arn = self._arns.get(
                    mapping.function, f"arn:aws:lambda:us-east-1:000000000000:function:{mapping.function}"
                )
                runner = MappingRunner(mapping, self._bootstrap_servers, self._invoke, arn, self._backoff)
                self._runners[mapping.logical_id] = runner
                runner.start()

    async def until_enabled(self) -> None:
        """Until every enabled mapping has its topic and its partitions; the caller sets the time limit."""
        await asyncio.gather(*(runner.until_enabled() for runner in self._runners.values()))

    async def stop(self, grace_s: float = 5.0) -> None:
        """Waits up to `grace_s` for functions that are at work, commits what is done and ends the threads.

        What is not done by then comes again at the next start.
        """
        await asyncio.gather(*(runner.stop(grace_s) for runner in self._runners.values()))
        self._runners.clear()

    def status(self) -> tuple[MappingStatus, ...]:
        """Of every mapping, in the order given."""
        return tuple(self._status(mapping) for mapping in self._mappings)

    def _status(self, mapping: KafkaMapping) -> MappingStatus:
        runner = self._runners.get(mapping.logical_id)
        if runner is not None:
            return runner.status()
        return MappingStatus(
            mapping.logical_id,
            mapping.uuid,
            mapping.function,
            mapping.topic,
            mapping.group_id,
            "Disabled",
            None,
            NOTHING_PROCESSED,
            (),
        )
