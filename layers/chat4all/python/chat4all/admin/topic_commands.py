"""`topics list|ensure`: Kafka's topics, and those that are missing (docs/kafka.md)."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from chat4all.admin.arguments import add_noun, number
from chat4all.admin.errors import AdminError
from chat4all.admin.operations import operated
from chat4all.admin.tables import table
from chat4all.admin.topic_states import NEEDED, TopicState, states, usual
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.kafka.admin import admin_client
from chat4all.kafka.cluster import Cluster
from chat4all.kafka.reach import reach_any
from chat4all.kafka.scram import CredentialsUnavailable
from chat4all.kafka.topic_admin import ensure_topics

_TIMEOUT_S = 10.0
_SIZES = ("partitions", "replication_factor", "min_insync_replicas")


def add_to(nouns: Any) -> None:
    """Add the noun to the subparsers of the command line."""
    verbs = add_noun(nouns, "topics", "topics of Kafka", __doc__)
    listing = verbs.add_parser("list", help="every topic that is needed, and its state")
    listing.add_argument("--json", action="store_true", help="JSON for programs")
    listing.set_defaults(run=_list)
    ensuring = verbs.add_parser("ensure", help="make what is missing, as those are that are there")
    ensuring.add_argument("--partitions", type=number, metavar="N", help="of a new topic")
    ensuring.add_argument("--replication-factor", type=number, metavar="N", help="the same")
    ensuring.add_argument("--min-insync-replicas", type=number, metavar="N", help="the same")
    ensuring.set_defaults(run=_ensure)


def _list(chosen: argparse.Namespace) -> int:
    found = _states()
    if chosen.json:
        print(json.dumps([asdict(one) | {"state": one.state} for one in found], indent=2))
        return 0
    rows = [[one.name, *map(str, (one.partitions, one.replicas, one.min_insync)), one.state] for one in found]
    table(("TOPIC", "PARTITIONS", "REPLICAS", "MIN IN SYNC", "STATE"), rows)
    print(f"{sum(one.state != 'ok' for one in found)} not ok")
    return 0


def _ensure(chosen: argparse.Namespace) -> int:
    found = _states()
    missing = [one.name for one in found if not one.partitions]
    if not missing:
        print("none is missing")
        return 0
    wanted = _sizes(chosen, usual(found))
    with _kafka(), operated(Action.TOPICS_ENSURE, ",".join(missing), **wanted):
        made = ensure_topics(_cluster(), NEEDED, grow=False, timeout_s=_TIMEOUT_S, **wanted)
    print("\n".join(f"{name} made" for name in made.created))
    return 0


def _sizes(chosen: argparse.Namespace, like: TopicState | None) -> dict[str, int]:
    known = dict(zip(_SIZES, (like.partitions, like.replicas, like.min_insync), strict=True)) if like else {}
    sizes = {name: getattr(chosen, name) or known.get(name) for name in _SIZES}
    if lacking := [f"--{name.replace('_', '-')}" for name, size in sizes.items() if size is None]:
        raise AdminError(f"no topic is there to make others like: say {', '.join(lacking)}")
    if int(sizes["min_insync_replicas"] or 0) > int(sizes["replication_factor"] or 0):
        raise AdminError("--min-insync-replicas is above --replication-factor: nothing would be acknowledged")
    return {name: int(size or 0) for name, size in sizes.items()}


def _states() -> list[TopicState]:
    with _kafka(), admin_client(_cluster(), _TIMEOUT_S) as admin:
        return states(admin)


def _cluster() -> Cluster:
    return Cluster.of(app().settings)


@contextmanager
def _kafka() -> Iterator[None]:
    """Raises AdminError where Kafka does not answer, or refuses."""
    from kafka.errors import KafkaError

    servers = _cluster().bootstrap_servers
    try:
        reach_any(servers, _TIMEOUT_S)
        yield
    except (KafkaError, CredentialsUnavailable, OSError, ValueError) as error:
        raise AdminError(f"Kafka at {servers or '(no servers)'} did not carry it out: {error}") from error
