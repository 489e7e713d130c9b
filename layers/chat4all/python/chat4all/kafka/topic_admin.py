"""Topics at deployment: missing ones are created, none is ever deleted or made smaller, because they hold data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chat4all.kafka.admin import admin_client
from chat4all.kafka.cluster import Cluster


@dataclass(frozen=True, slots=True)
class TopicChanges:
    """What was done."""

    created: tuple[str, ...]
    grown: tuple[str, ...]


def ensure_topics(
    cluster: Cluster,
    topics: Sequence[str],
    *,
    partitions: int,
    replication_factor: int,
    min_insync_replicas: int,
    grow: bool,
    timeout_s: float = 30.0,
) -> TopicChanges:
    """Create what is missing; with `grow`, add partitions to those that have fewer.

    More partitions move conversations to other partitions: what is in flight may overtake, and consumers order by seq.
    With 0 `min_insync_replicas` is the cluster's own: MSK Serverless refuses to be told (MSK developer guide,
    "Configuration properties for MSK Serverless clusters").

    Raises:
        KafkaError: no broker answers, or the cluster refuses (such as a replication factor above its brokers).
        ConfigurationError, CredentialsUnavailable: see Cluster.client_settings.
    """
    with admin_client(cluster, timeout_s) as admin:
        existing = {topic: count for topic, count in _partition_counts(admin).items() if topic in topics}
        missing = [topic for topic in topics if topic not in existing]
        if missing:
            configs = {"min.insync.replicas": str(min_insync_replicas)} if min_insync_replicas else {}
            options = {"num_partitions": partitions, "replication_factor": replication_factor, "configs": configs}
            _create(admin, dict.fromkeys(missing, options))
        small = [topic for topic, count in existing.items() if count < partitions] if grow else []
        if small:
            admin.create_partitions(dict.fromkeys(small, partitions))
    return TopicChanges(tuple(missing), tuple(small))


def _create(admin: Any, wanted: dict[str, dict[str, Any]]) -> None:
    from kafka.errors import TopicAlreadyExistsError

    try:
        admin.create_topics(wanted, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        # Another deployment was quicker with one of them: the others may be missing still.
        for topic, options in wanted.items():
            if topic not in _partition_counts(admin):
                admin.create_topics({topic: options}, wait_for_metadata=True)


def _partition_counts(admin: Any) -> dict[str, int]:
    return {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
