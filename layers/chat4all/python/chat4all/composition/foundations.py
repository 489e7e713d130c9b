"""What all the others stand on: tables, Kafka, quotas and sockets."""

from functools import cached_property
from typing import TYPE_CHECKING

from chat4all.config import Settings

if TYPE_CHECKING:
    from chat4all.connections import Connections
    from chat4all.file_bucket import FileBucket
    from chat4all.kafka.failed_records import FailedRecords
    from chat4all.kafka.publisher import Publisher
    from chat4all.rate_limits import RateLimiter
    from chat4all.session_ends import SessionEnds
    from chat4all.websocket.push import Push


class Foundations:
    """A part of `bootstrap.App`, which says how services are made."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def bind_tables(self) -> None:
        """Name the tables that have been imported: every property whose service has stores calls it after its import."""
        from chat4all.stores.table import bind

        bind(self.settings.table_prefix, self.settings.engine_timeout_s)

    @cached_property
    def publisher(self) -> "Publisher":
        from chat4all.kafka.cluster import Cluster
        from chat4all.kafka.publisher import Publisher

        return Publisher(Cluster.of(self.settings))

    @cached_property
    def prompt_publisher(self) -> "Publisher":
        """For those whose caller waits, and for whom the outbox or the next event makes up for what is not published."""
        from chat4all.kafka.cluster import Cluster
        from chat4all.kafka.publisher import Publisher

        return Publisher(Cluster.of(self.settings), timeout_s=self.settings.publish_timeout_s)

    def failed_records(self, consumer: str) -> "FailedRecords":
        """Where the records go that `consumer` cannot take."""
        from chat4all.kafka.failed_records import FailedRecords
        from chat4all.retries.parking import Parking

        self.bind_tables()
        parking = Parking(consumer, self.settings.retry_rules, self.settings.retry_shards)
        return FailedRecords(consumer, self.publisher, parking)

    @cached_property
    def rate_limiter(self) -> "RateLimiter":
        from chat4all.rate_limits import RateLimiter

        self.bind_tables()
        return RateLimiter()

    @cached_property
    def connections(self) -> "Connections":
        from chat4all.connections import Connections

        self.bind_tables()
        return Connections()

    @cached_property
    def push(self) -> "Push":
        from chat4all.websocket.push import Push

        return Push(self.settings.websocket_callback_url)

    @cached_property
    def session_ends(self) -> "SessionEnds":
        from chat4all.session_ends import SessionEnds

        return SessionEnds(self.connections, self.push)

    @cached_property
    def file_bucket(self) -> "FileBucket":
        from chat4all.file_bucket import FileBucket

        return FileBucket(self.settings.files_bucket)
