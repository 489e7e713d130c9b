"""What can be seen of a mapping while it runs."""

from dataclasses import dataclass
from typing import Literal

State = Literal["Creating", "Enabled", "Disabling", "Disabled", "Enabling"]
"""As GetEventSourceMapping says it; Creating or Enabling until the topic is there and its partitions are assigned."""

USER_INITIATED = "USER_INITIATED"
"""StateTransitionReason: every change here is a user's, by the template or by UpdateEventSourceMapping."""

NOTHING_PROCESSED = "No records processed"
OK = "OK"


@dataclass(frozen=True, slots=True)
class PartitionStatus:
    partition: int
    committed: int | None
    """Offset that the group would start from; None before its first commit."""
    lag: int | None
    """Records behind the end of the partition; None until the broker has told."""
    buffered: int
    """Records read and not done with, those in flight included."""
    in_flight: bool
    """Whether records of it are with the function, or wait to be tried again."""


@dataclass(frozen=True, slots=True)
class MappingStatus:
    logical_id: str
    uuid: str
    function: str
    topic: str
    group_id: str
    state: State
    state_reason: str | None
    """What keeps the mapping from working: no such topic, no broker."""
    last_result: str
    """Of the last invocation: `OK`, `No records processed` or `PROBLEM: …`."""
    last_modified: float
    """When the state was last asked for: seconds since the epoch."""
    partitions: tuple[PartitionStatus, ...]
    state_transition_reason: str = USER_INITIATED
    """StateTransitionReason of GetEventSourceMapping."""

    @property
    def last_processing_result(self) -> str:
        """LastProcessingResult of GetEventSourceMapping: what keeps it from polling goes before its last invocation."""
        return self.last_result if self.state_reason is None else f"PROBLEM: {self.state_reason}"

    @property
    def in_flight(self) -> int:
        """Partitions with records at the function."""
        return sum(partition.in_flight for partition in self.partitions)

    @property
    def lag(self) -> int:
        """Records behind the ends of all partitions, as far as known."""
        return sum(partition.lag or 0 for partition in self.partitions)
