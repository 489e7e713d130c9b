"""One mapping from its creation on: enabled and disabled while the stack runs, as UpdateEventSourceMapping does it."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress

from local.application import KafkaMapping
from local.event_source_mappings.runner import MappingRunner
from local.event_source_mappings.status import NOTHING_PROCESSED, MappingStatus, PartitionStatus, State


class MappingInUse(Exception):
    """The mapping is on its way from one state to another: ResourceInUseException of UpdateEventSourceMapping."""


class MappingLifecycle:
    """`Creating`, `Enabled`, `Disabling`, `Disabled`, `Enabling`, then `Enabled` again. Lives on one event loop.

    A disabled mapping has no consumer: its group is empty, and its commits are where the next one begins.
    """

    def __init__(self, mapping: KafkaMapping, make_runner: Callable[[], MappingRunner]) -> None:
        self.mapping = mapping
        self._make_runner = make_runner
        self._runner: MappingRunner | None = None
        self._state: State = "Creating" if mapping.enabled else "Disabled"
        self._last_modified = time.time()
        self._last_result = NOTHING_PROCESSED
        self._transition: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Returns at once, whether the topic is there or not."""
        if self.mapping.enabled:
            self._begin("Creating", self._enable())

    def set_enabled(self, enabled: bool) -> None:
        """Begins the change and returns at once. Raises MappingInUse; without a change nothing happens."""
        if self._state not in ("Enabled", "Disabled"):
            raise MappingInUse(f"event source mapping {self.mapping.uuid} is {self._state}")
        if enabled and self._state == "Disabled":
            self._begin("Enabling", self._enable())
        elif not enabled and self._state == "Enabled":
            self._begin("Disabling", self._disable())

    async def until_settled(self) -> None:
        """Until it is enabled or disabled, whichever was asked for."""
        if self._transition is not None:
            await asyncio.shield(self._transition)

    async def stop(self, grace_s: float) -> None:
        if self._transition is not None:
            self._transition.cancel()
            with suppress(asyncio.CancelledError):
                await self._transition
        await self._end(grace_s)

    def status(self) -> MappingStatus:
        mapping, runner = self.mapping, self._runner
        partitions: tuple[PartitionStatus, ...] = () if runner is None else runner.partitions()
        return MappingStatus(
            mapping.logical_id,
            mapping.uuid,
            mapping.function,
            mapping.topic,
            mapping.group_id,
            self._state,
            None if runner is None else runner.problem_text,
            self._last_result if runner is None else runner.last_result,
            self._last_modified,
            partitions,
        )

    def _begin(self, state: State, work: Coroutine[None, None, None]) -> None:
        self._state = state
        self._last_modified = time.time()
        self._transition = asyncio.get_running_loop().create_task(work)

    async def _enable(self) -> None:
        self._runner = runner = self._make_runner()
        runner.start()
        await runner.until_enabled()
        self._state = "Enabled"

    async def _disable(self) -> None:
        """What is at the function is waited for: its timeout ends that."""
        await self._end(None)

    async def _end(self, grace_s: float | None) -> None:
        if self._runner is not None:
            await self._runner.stop(grace_s)
            self._last_result, self._runner = self._runner.last_result, None
        self._state = "Disabled"
