"""A short-lived Kafka admin client."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chat4all.kafka.cluster import Cluster


@contextmanager
def admin_client(cluster: Cluster, timeout_s: float) -> Iterator[Any]:
    """A connected `KafkaAdminClient`, closed at the end; raises KafkaError where no broker answers in time.

    The library leaves its network thread running when its constructor fails; here it is stopped.
    """
    from kafka import KafkaAdminClient

    milliseconds = int(timeout_s * 1000)
    client: Any = KafkaAdminClient.__new__(KafkaAdminClient)
    client._closed = False
    try:
        client.__init__(
            **cluster.client_settings(),
            bootstrap_timeout_ms=milliseconds,
            request_timeout_ms=milliseconds,
            reconnect_backoff_ms=20,
            reconnect_backoff_max_ms=200,
        )
        yield client
    finally:
        client._closed = False
        client.close()
