"""`topics list|ensure`: the topics that the system needs, and making again those that are gone."""

import argparse
from collections import Counter
from dataclasses import dataclass
from typing import Any

from chat4all.admin.arguments import add_noun
from chat4all.admin.errors import AdminError
from chat4all.admin.operations import operated
from chat4all.admin.tables import table
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.kafka.cluster import Cluster
from chat4all.kafka.topics import Topic

_DEAD_LETTERS = ".dead_letter"
_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How topics are made."""

    partitions: int
    replication_factor: int
    min_insync_replicas: int


def needed() -> list[str]:
    """Names of all topics of the system, with their dead letters."""
    return [name for topic in Topic for name in (str(topic), f"{topic}{_DEAD_LETTERS}")]


def add_to(nouns: Any) -> None:
    """Add the noun to the subparsers of the command line."""
    verbs = add_noun(nouns, "topics", "topics that the system needs", __doc__)
    verbs.add_parser("list", help="each of them, or that it is missing").set_defaults(run=_list)
    ensuring = verbs.add_parser("ensure", help="make those that are missing, as the others are")
    for option in ("--partitions", "--replication-factor", "--min-insync-replicas"):
        ensuring.add_argument(option, type=int, metavar="N", help="default: as most of the others have")
    ensuring.set_defaults(run=_ensure)


def _list(_chosen: argparse.Namespace) -> int:
    found = _shapes()
    rows = [[name, *_row(found.get(name))] for name in needed()]
    table(("TOPIC", "PARTITIONS", "REPLICAS", "MINIMUM IN SYNC"), rows)
    missing = sum(name not in found for name in needed())
    print(f"{missing} missing")
    return 1 if missing else 0


def _ensure(chosen: argparse.Namespace) -> int:
    found = _shapes()
    missing = [name for name in needed() if name not in found]
    if not missing:
        print("none is missing")
        return 0
    shape = _shape(chosen, [found[name] for name in needed() if name in found])
    with operated(Action.TOPICS_ENSURE, ",".join(missing)):
        _make(missing, shape)
    for name in missing:
        print(f"made {name}: {shape.partitions} partitions, {shape.replication_factor} replicas")
    return 0


def _make(missing: list[str], shape: Shape) -> None:
    from kafka.errors import KafkaError

    from chat4all.kafka.topic_admin import ensure_topics

    try:
        ensure_topics(
            Cluster.of(app().settings),
            missing,
            partitions=shape.partitions,
            replication_factor=shape.replication_factor,
            min_insync_replicas=shape.min_insync_replicas,
            grow=False,
        )
    except (KafkaError, OSError) as error:
        raise AdminError(f"Kafka did not make them: {type(error).__name__}: {error}") from error


def _shape(chosen: argparse.Namespace, others: list[Shape]) -> Shape:
    asked = (chosen.partitions, chosen.replication_factor, chosen.min_insync_replicas)
    if not others and None in asked:
        raise AdminError(
            "no topic is left to go by: say --partitions, --replication-factor and --min-insync-replicas "
            "(the template's KafkaPartitions, KafkaReplicationFactor, KafkaMinInsyncReplicas)"
        )
    most = Counter(others).most_common(1)[0][0] if others else Shape(0, 0, 0)
    defaults = (most.partitions, most.replication_factor, most.min_insync_replicas)
    partitions, replicas, in_sync = (
        given if given is not None else default for given, default in zip(asked, defaults, strict=True)
    )
    if min(partitions, replicas, in_sync) < 1 or in_sync > replicas:
        raise AdminError("each is at least 1, and --min-insync-replicas at most --replication-factor")
    return Shape(partitions, replicas, in_sync)


def _shapes() -> dict[str, Shape]:
    """Of the topics that are there. Raises AdminError where Kafka does not answer."""
    from kafka.errors import KafkaError

    from chat4all.kafka.admin import admin_client
    from chat4all.kafka.topic_admin import topic_shapes

    cluster = Cluster.of(app().settings)
    try:
        with admin_client(cluster, _TIMEOUT_S) as admin:
            return {name: Shape(*shape) for name, shape in topic_shapes(admin, needed()).items()}
    except (KafkaError, OSError) as error:
        raise AdminError(f"Kafka does not answer at {cluster.bootstrap_servers or '(no servers)'}: {error}") from error


def _row(shape: Shape | None) -> list[str]:
    if shape is None:
        return ["missing", "-", "-"]
    return [str(shape.partitions), str(shape.replication_factor), str(shape.min_insync_replicas)]
