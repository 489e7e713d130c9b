"""The custom resource Custom::KafkaTopics: {BootstrapServers?, Partitions, ReplicationFactor, MinInsyncReplicas?, Topics}."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chat4all.kafka.cluster import Cluster
from chat4all.kafka.topic_admin import ensure_topics

TopicName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,249}$")]


class TopicsProperties(BaseModel):
    """ResourceProperties; CloudFormation sends numbers as text."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    bootstrap_servers: str = Field("", alias="BootstrapServers")
    partitions: int = Field(alias="Partitions", ge=1, le=10_000)
    replication_factor: int = Field(alias="ReplicationFactor", ge=1, le=100)
    min_insync_replicas: int = Field(1, alias="MinInsyncReplicas", ge=0, le=100)
    topics: list[TopicName] = Field(alias="Topics", min_length=1)


def apply(request: Mapping[str, Any], cluster: Cluster) -> dict[str, list[str]]:
    """Do what `request` (Create, Update or Delete) asks for; {Created, Grown}. Delete keeps the topics: they hold data.

    Raises:
        ValueError: the properties are wrong; says which.
        KafkaError: see ensure_topics.
    """
    if request["RequestType"] == "Delete":
        return {"Created": [], "Grown": []}
    try:
        wanted = TopicsProperties.model_validate(request.get("ResourceProperties", {}))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"ResourceProperties.{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    if wanted.min_insync_replicas > wanted.replication_factor:
        # Kafka takes it, and then acknowledges nothing.
        raise ValueError(
            f"ResourceProperties.MinInsyncReplicas: {wanted.min_insync_replicas} is above ReplicationFactor, "
            f"{wanted.replication_factor}"
        )
    changes = ensure_topics(
        replace(cluster, bootstrap_servers=wanted.bootstrap_servers or cluster.bootstrap_servers),
        wanted.topics,
        partitions=wanted.partitions,
        replication_factor=wanted.replication_factor,
        min_insync_replicas=wanted.min_insync_replicas,
        grow=request["RequestType"] == "Update",
    )
    return {"Created": list(changes.created), "Grown": list(changes.grown)}
