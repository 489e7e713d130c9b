"""Settings of the librdkafka consumers."""

from collections.abc import Callable, Mapping

from local.application import KafkaMapping

AUTO_OFFSET_RESET = {"TRIM_HORIZON": "earliest", "LATEST": "latest", "AT_TIMESTAMP": "earliest"}


def consumer_settings(
    mapping: KafkaMapping, bootstrap_servers: str, security: Mapping[str, str]
) -> dict[str, str | int | bool | float | Callable[..., None] | None]:
    """Of one mapping's consumer, which commits by hand and soon notices a broker that is gone or back.

    `security`: of its connections.
    """
    return {
        **security,
        "bootstrap.servers": bootstrap_servers,
        "client.id": mapping.logical_id,
        "group.id": mapping.group_id,
        # A static member takes over from its killed predecessor at once, not after the session timeout.
        "group.instance.id": mapping.uuid,
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": AUTO_OFFSET_RESET[mapping.starting_position],
        "session.timeout.ms": 6000,
        "heartbeat.interval.ms": 1000,
        # The poller polls all the time. This is also how long a join is waited for, plus 3 s: Kafka 4.3 never answers that of a
        # static member when its offsets topic was without a leader just then, as after a standstill of the broker.
        "max.poll.interval.ms": 15_000,
        "reconnect.backoff.ms": 20,
        "reconnect.backoff.max.ms": 200,
        "retry.backoff.ms": 50,
        "fetch.error.backoff.ms": 50,
        "topic.metadata.refresh.fast.interval.ms": 100,
        "topic.metadata.refresh.interval.ms": 10_000,  # until new partitions and a topic made again are seen
        # A partition that starts or is resumed waits for the long poll of the others; shorter ones cost idle CPU.
        "fetch.wait.max.ms": 250,
        # Little is read ahead: a paused partition throws away what librdkafka holds of it and fetches it again.
        "queued.min.messages": max(100, mapping.batch_size),
        "queued.max.messages.kbytes": 8192,
        "fetch.queue.backoff.ms": 10,
        "fetch.message.max.bytes": 524_288,
        "log_level": 2,
    }
