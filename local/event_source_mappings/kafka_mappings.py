"""All Kafka event source mappings of an application."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence

from local.application import KafkaMapping
from local.event_source_mappings.checks import check, warnings
from local.event_source_mappings.lifecycle import MappingLifecycle
from local.event_source_mappings.retry import Backoff
from local.event_source_mappings.runner import InvokeFunction, MappingRunner
from local.event_source_mappings.status import MappingStatus

log = logging.getLogger(__name__)


class MappingNotFound(Exception):
    """No mapping has that UUID: ResourceNotFoundException of the Lambda API."""


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
        security: Callable[[KafkaMapping], Mapping[str, str]] = lambda _mapping: {},
    ) -> None:
        """`function_arns` by name, for on-failure documents; `security` gives librdkafka's settings of a mapping's connections.

        Raises InvalidMapping for what AWS would refuse.
        """
        for mapping in mappings:
            check(mapping)
        self._bootstrap_servers = bootstrap_servers
        self._invoke = invoke
        self._arns = function_arns or {}
        self._backoff = backoff or Backoff()
        self._security = security
        self._lifecycles = {mapping.uuid: self._lifecycle(mapping) for mapping in mappings}

    def _lifecycle(self, mapping: KafkaMapping) -> MappingLifecycle:
        default = f"arn:aws:lambda:us-east-1:000000000000:function:{mapping.function}"
        arn = self._arns.get(mapping.function, default)

        def runner() -> MappingRunner:
            return MappingRunner(
                mapping, self._bootstrap_servers, self._invoke, arn, self._backoff, self._security(mapping)
            )

        return MappingLifecycle(mapping, runner)

    async def start(self) -> None:
        """Starts a poller for each enabled mapping and returns at once, whether its topic is there or not.

        Logs which settings have no effect, there as here.
        """
        for lifecycle in self._lifecycles.values():
            for warning in warnings(lifecycle.mapping):
                log.warning("%s", warning)
            lifecycle.start()

    async def until_enabled(self) -> None:
        """Until every enabled mapping has its topic and its partitions; the caller sets the time limit."""
        await asyncio.gather(*(lifecycle.until_settled() for lifecycle in self._lifecycles.values()))

    def set_enabled(self, uuid: str, enabled: bool) -> MappingStatus:
        """UpdateEventSourceMapping, `Enabled`: begins the change and returns the state on the way to it.

        The template's own setting is back at the next start of the stack. Call it on the event loop. Raises
        MappingNotFound, and MappingInUse while an earlier change is under way.
        """
        lifecycle = self._find(uuid)
        lifecycle.set_enabled(enabled)
        return lifecycle.status()

    def get(self, uuid: str) -> MappingStatus:
        """GetEventSourceMapping. Raises MappingNotFound."""
        return self._find(uuid).status()

    async def stop(self, grace_s: float = 5.0) -> None:
        """Waits up to `grace_s` for functions that are at work, commits what is done and ends the threads.

        What is not done by then comes again at the next start.
        """
        await asyncio.gather(*(lifecycle.stop(grace_s) for lifecycle in self._lifecycles.values()))

    def status(self) -> tuple[MappingStatus, ...]:
        """Of every mapping, in the order given."""
        return tuple(lifecycle.status() for lifecycle in self._lifecycles.values())

    def _find(self, uuid: str) -> MappingLifecycle:
        if uuid not in self._lifecycles:
            raise MappingNotFound(f"no event source mapping has the UUID {uuid}")
        return self._lifecycles[uuid]
