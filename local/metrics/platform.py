"""What the stack measures itself, where AWS has metrics of Lambda, API Gateway and MSK."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from local.metrics.buckets import Buckets
from local.metrics.series import add_buckets

_RUNNING = "running"


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """Of one function, since the stack started."""

    invocations: int
    errors: int
    throttles: int
    durations: Buckets
    inits: Buckets


@dataclass(frozen=True, slots=True)
class Partition:
    """Of a topic."""

    begin: int
    end: int
    replicas: int
    in_sync: int


@dataclass(frozen=True, slots=True)
class KafkaFacts:
    """As the brokers say."""

    brokers: int
    partitions: Mapping[tuple[str, int], Partition]
    committed: Mapping[str, Mapping[tuple[str, int], int]]
    """Of each mapping's group."""
    groups: Mapping[str, str]
    """The topic of each group."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it at one moment."""

    status: Mapping[str, Any]
    """As `scripts/status --json` has it."""
    functions: Mapping[str, FunctionFacts]
    answers: Mapping[tuple[str, str], Buckets]
    """Of the gateways, by what they speak (http) and class of status."""
    connections: int
    kafka: KafkaFacts | None = None
    """None where the application has no Kafka, or no broker answers."""
    documents: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)


def families(facts: Facts) -> Iterator[Metric]:
    """As Prometheus reads them."""
    yield from _of_functions(facts)
    yield from _of_gateways(facts)
    if facts.kafka is not None:
        yield from _of_kafka(facts.kafka)
    yield _gauge("stack_engine_up", "1 where an engine runs.", ("engine",),
                 [((one["name"],), one["state"] == _RUNNING) for one in facts.status["engines"]])  # fmt: skip
    yield _counter("emf_documents", "Documents read out of logs.", ("function",), _single(facts.documents))
    yield _counter(
        "emf_documents_refused", "Those that CloudWatch would refuse.", ("function",), _single(facts.refused)
    )


def _of_functions(facts: Facts) -> Iterator[Metric]:
    found, label = facts.functions, ("function",)
    for name, meaning in (("invocations", "that ran"), ("errors", "that failed"), ("throttles", "refused")):
        numbers = [((function,), getattr(one, name)) for function, one in found.items()]
        yield _counter(f"aws_lambda_{name}", f"Invocations {meaning}.", label, numbers)
    cold = [((function,), one.inits.cumulative()[-1][1]) for function, one in found.items()]
    yield _counter("aws_lambda_cold_starts", "Invocations that began an environment.", label, cold)
    durations = [((function,), one.durations) for function, one in found.items()]
    yield _histogram("aws_lambda_duration_seconds", "Time of invocations.", label, durations)
    inits = [((function,), one.inits) for function, one in found.items()]
    yield _histogram("aws_lambda_init_seconds", "Time of inits.", label, inits)
    living = [((one["name"],), one["environments"]) for one in facts.status["functions"]]
    yield _gauge("aws_lambda_environments", "Environments that live.", label, living)
    enabled = [((one["function"], one["topic"]), one["state"] == "Enabled") for one in facts.status["mappings"]]
    yield _gauge("aws_lambda_mapping_enabled", "1 where an event source mapping polls.", ("function", "topic"), enabled)


def _of_gateways(facts: Facts) -> Iterator[Metric]:
    label = ("api", "status")
    numbers = [(key, answers.cumulative()[-1][1]) for key, answers in facts.answers.items()]
    yield _counter("aws_apigateway_requests", "Requests answered.", label, numbers)
    yield _histogram("aws_apigateway_request_seconds", "Time to the answer.", label, facts.answers.items())
    yield _gauge("websocket_connections_open", "WebSockets that are open.", (), [((), facts.connections)])


def _of_kafka(facts: KafkaFacts) -> Iterator[Metric]:
    label = ("topic", "partition")
    found = {(topic, str(number)): one for (topic, number), one in facts.partitions.items()}
    for name, meaning, part in (
        ("current_offset", "End of the partition.", "end"),
        ("oldest_offset", "Begin of the partition.", "begin"),
        ("replicas", "Replicas that it should have.", "replicas"),
        ("insync_replicas", "Replicas in sync.", "in_sync"),
    ):
        numbers = [(key, getattr(one, part)) for key, one in found.items()]
        yield _gauge(f"kafka_topic_partition_{name}", meaning, label, numbers)
    yield _gauge("kafka_brokers", "Brokers in the cluster.", (), [((), facts.brokers)])
    lags = [
        (
            (group, of, str(number)),
            max(0, one.end - max(one.begin, facts.committed.get(group, {}).get((of, number), 0))),
        )
        for group, topic in facts.groups.items()
        for (of, number), one in facts.partitions.items()
        if of == topic
    ]
    yield _gauge("kafka_consumer_lag", "Records not yet committed.", ("group", "topic", "partition"), lags)


Numbers = Sequence[tuple[tuple[str, ...], float]]
Series = Iterable[tuple[tuple[str, ...], Buckets]]


def _single(numbers: Mapping[str, int]) -> Numbers:
    return [((name,), number) for name, number in numbers.items()]


def _counter(name: str, meaning: str, labels: Sequence[str], numbers: Numbers) -> Metric:
    family = CounterMetricFamily(name, meaning, labels=labels)
    for values, number in numbers:
        family.add_metric(values, number)
    return family


def _gauge(name: str, meaning: str, labels: Sequence[str], numbers: Numbers) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for values, number in numbers:
        family.add_metric(values, float(number))
    return family


def _histogram(name: str, meaning: str, labels: Sequence[str], series: Series) -> Metric:
    family = HistogramMetricFamily(name, meaning, labels=labels)
    for values, buckets in series:
        add_buckets(family, dict(zip(labels, values, strict=True)), buckets)
    return family
