"""A Kafka producer, made in the background: signing in may take longer than who sends should wait."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from ssl import SSLError
from threading import Thread
from typing import Any

from kafka import KafkaProducer
from kafka.errors import AuthorizationError, SaslAuthenticationFailedError
from kafka.net.compat import KafkaNetClient

from chat4all.kafka.cluster import Cluster
from chat4all.kafka.reach import reach_any

CONNECT_S = 5.0
"""Longest time that connecting goes on, whether somebody waits for it or not."""
_REACHED_S = 1.0


class Connecting:
    """What `make` makes, in a thread of its own: who stops waiting leaves it to the next who comes."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._made: Future[Any] = Future()
        Thread(target=self._run, args=(make,), name="kafka-connect", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether `wait` answers at once."""
        return self._made.done()

    def wait(self, timeout_s: float) -> Any:
        """What was made. Raises TimeoutError while it is not, and what kept it from being made."""
        return self._made.result(timeout_s)

    def _run(self, make: Callable[[], Any]) -> None:
        try:
            self._made.set_result(make())
        except BaseException as error:
            self._made.set_exception(error)


def failure_of(error: Exception) -> str:
    """Why there is no connection, as a label of metrics: `refused` who we say we are, `certificate`, `unreachable`."""
    from chat4all.kafka.scram import CredentialsUnavailable

    if isinstance(error, SaslAuthenticationFailedError | AuthorizationError | CredentialsUnavailable):
        return "refused"
    is_tls = isinstance(error, SSLError) or "certificate" in str(error).lower()
    return "certificate" if is_tls else "unreachable"


def make_producer(cluster: Cluster, max_block_s: float) -> Any:
    """A connected producer, whose `send` waits for metadata so long at most. Settings: docs/decisions/0004.

    Raises:
        OSError: no broker listens. KafkaError: none answers. ConfigurationError, CredentialsUnavailable.
    """
    reach_any(cluster.bootstrap_servers, _REACHED_S)
    clients: list[Any] = []

    def make_client(**configs: Any) -> Any:
        clients.append(KafkaNetClient(**configs))
        return clients[-1]

    try:
        return KafkaProducer(
            kafka_client=make_client,
            **cluster.client_settings(),
            acks="all",
            enable_idempotence=False,
            max_in_flight_requests_per_connection=1,
            linger_ms=0,
            request_timeout_ms=3000,
            delivery_timeout_ms=10000,
            max_block_ms=int(max_block_s * 1000),
            bootstrap_timeout_ms=int(CONNECT_S * 1000),
            connections_max_idle_ms=30000,
            metadata_max_age_ms=60000,
            retry_backoff_ms=50,
            reconnect_backoff_ms=20,
            reconnect_backoff_max_ms=200,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
    except Exception:
        # The library leaves the sockets open of a producer that could not be made.
        for client in clients:
            with suppress(Exception):
                client.close()
        raise
