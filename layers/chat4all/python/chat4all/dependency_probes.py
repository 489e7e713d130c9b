"""The smallest question to each dependency. Short waits and no retries: a probe says how things are now."""

from collections.abc import Mapping
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from chat4all.config import Settings
from chat4all.health import Probe
from chat4all.kafka.admin import admin_client
from chat4all.kafka.cluster import Cluster
from chat4all.kafka.reach import reach_any
from chat4all.stores.client import WireClient

_TIMEOUT_S = 1.0


def probes(settings: Settings) -> Mapping[str, Probe]:
    """A probe for each dependency. Clients are made here, so that their making is not counted as latency."""
    session, cluster = get_session(), Cluster.of(settings)
    config = Config(connect_timeout=_TIMEOUT_S, read_timeout=_TIMEOUT_S, retries={"total_max_attempts": 1})
    dynamodb = WireClient(session, _TIMEOUT_S, _TIMEOUT_S, retries=0, pool=1)
    s3: Any = session.create_client("s3", config=config)

    def ask_dynamodb() -> None:
        key = {"conversation_id": {"S": "health"}}
        dynamodb.call("GetItem", {"TableName": f"{settings.table_prefix}heads", "Key": key})

    def ask_kafka() -> None:
        reach_any(cluster.bootstrap_servers, _TIMEOUT_S)
        with admin_client(cluster, _TIMEOUT_S) as admin:
            admin.list_topics()

    def ask_s3() -> None:
        s3.head_bucket(Bucket=settings.unknown_payloads_bucket)

    return {"dynamodb": ask_dynamodb, "kafka": ask_kafka, "s3": ask_s3}
