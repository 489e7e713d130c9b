"""What Kafka says of each topic that the product needs: whether it is there, whole, and as the others are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat4all.kafka.topics import Topic

NEEDED = tuple(name for topic in Topic for name in (str(topic), f"{topic}.dead_letter"))
"""Names of all topics: each with its dead letters."""


@dataclass(frozen=True, slots=True)
class TopicState:
    """One topic; one that is missing has no partitions."""

    name: str
    partitions: int = 0
    replicas: int = 0
    min_insync: int = 0
    leaderless: int = 0
    """Partitions that nobody leads: nothing is written to them, nor read."""
    behind: int = 0
    """Partitions of which a replica is not in sync."""
    blocked: int = 0
    """Partitions with fewer replicas in sync than `min_insync`: nothing is acknowledged."""

    @property
    def state(self) -> str:
        """The worst of it, in a word or two; `ok`."""
        if not self.partitions:
            return "missing"
        for count, what in ((self.leaderless, "without leader"), (self.blocked, "blocked"), (self.behind, "behind")):
            if count:
                return f"{count} {what}"
        return "ok"


def states(admin: Any) -> list[TopicState]:
    """Of each topic that is needed, asked of a `KafkaAdminClient`. Raises KafkaError."""
    found = {
        topic["name"]: topic for topic in admin.describe_topics() if topic["name"] in NEEDED and topic["partitions"]
    }
    minimum = _min_insync(admin, list(found))
    return [
        _state(name, found[name]["partitions"], minimum[name]) if name in minimum else TopicState(name)
        for name in NEEDED
    ]


def usual(found: Sequence[TopicState]) -> TopicState | None:
    """What a new one should be like: the first that is there; None where none is."""
    return next((one for one in found if one.partitions), None)


def _state(name: str, partitions: Sequence[Mapping[str, Any]], minimum: int) -> TopicState:
    in_sync = [len(partition["isr_nodes"]) for partition in partitions]
    replicas = [len(partition["replica_nodes"]) for partition in partitions]
    return TopicState(
        name,
        len(partitions),
        min(replicas),
        minimum,
        leaderless=sum(partition["leader_id"] < 0 for partition in partitions),
        behind=sum(now < wanted for now, wanted in zip(in_sync, replicas, strict=True)),
        blocked=sum(now < minimum for now in in_sync),
    )


def _min_insync(admin: Any, names: Sequence[str]) -> dict[str, int]:
    """Without those that were deleted since they were described."""
    from kafka.admin import ConfigResource, ConfigResourceType

    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    answer = admin.describe_configs(resources, config_filter="all")  # the broker's own, where the topic names none
    asked = {name: answer["topic"][name].get("min.insync.replicas") for name in names}
    return {name: int(found["value"]) for name, found in asked.items() if found is not None}
