"""Kafka: what is written, what is not read yet, and whether the brokers agree."""

from chat4all.metrics import metric_list as m
from infra.observability.metrics import BY_NAME
from infra.observability.panels import Board, Panel, Query, Unit, counted, state, timed

_LAG = BY_NAME["kafka_consumer_lag"]
_END = BY_NAME["kafka_topic_partition_current_offset"]
_BEGIN = BY_NAME["kafka_topic_partition_oldest_offset"]
_IN_SYNC = BY_NAME["kafka_topic_partition_insync_replicas"]
_REPLICAS = BY_NAME["kafka_topic_partition_replicas"]

BOARD = Board(
    "kafka",
    "Chat4All: Kafka",
    (
        state("Lag by group", _LAG, "group", "topic", how="sum"),
        counted("Records acknowledged", m.PRODUCER_RECORDS, "topic"),
        counted("Records not acknowledged", m.PRODUCER_ERRORS, "topic"),
        timed("Until the acknowledgement", m.PRODUCER_SECONDS, "topic"),
        counted("Connections that failed", m.CONNECT_FAILURES, "cause"),
        counted("Records handled", m.RECORDS_HANDLED, "consumer"),
        timed("Time of a batch", m.BATCH_SECONDS, "consumer"),
        state("Mappings that poll", BY_NAME["aws_lambda_mapping_enabled"], "function", "topic", how="min"),
        state("Brokers", BY_NAME["kafka_brokers"]),
        Panel(
            "Replicas out of sync",
            f"{_REPLICAS.meaning} Less those in sync, by topic.",
            Unit.NUMBER,
            (Query(f"sum by (topic) ({_REPLICAS.name}) - sum by (topic) ({_IN_SYNC.name})", "{{topic}}"),),
        ),
        state("Fewest replicas in sync", _IN_SYNC, "topic", how="min"),
        Panel(
            "Written a second, by topic",
            "Growth of the ends of partitions, whoever writes.",
            Unit.PER_SECOND,
            (Query(f"sum by (topic) (rate({_END.name}[$__rate_interval]))", "{{topic}}"),),
        ),
        Panel(
            "Records kept",
            "From the begin to the end of the partitions.",
            Unit.NUMBER,
            (Query(f"sum by (topic) ({_END.name}) - sum by (topic) ({_BEGIN.name})", "{{topic}}"),),
        ),
    ),
)
