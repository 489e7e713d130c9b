"""What a rate of messages asks of each part, computed from what one message uses and what people do."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from capacity.batching import in_batches, merged, splits
from capacity.deployed import Deployed
from capacity.design import Design
from capacity.measurements import FunctionUse, Measurements, Units
from capacity.service import FunctionLoad, Service, asked_load, consumer_load, partitions_for, service
from capacity.workload import Workload

_OVER_WEBSOCKET = frozenset({"websocket_actions"})
_NO_REQUEST = _OVER_WEBSOCKET | {"websocket_connect", "websocket_authorizer", "websocket_disconnect", "file_previews"}
"""Not asked over HTTP."""


@dataclass(frozen=True)
class Demand:
    """Each second, at a steady rate of messages."""

    messages: float
    http_requests: float
    frames: float
    """WebSocket requests of clients, each with an answer, which is no request of the account's throttle."""
    posts: float
    """To @connections."""
    connections: float
    """Open, at a time."""
    new_connections: float
    functions: Mapping[str, FunctionLoad]
    services: Mapping[str, Service]
    """How long each takes, whatever the rate."""
    writes: Mapping[str, float]
    """Units by table."""
    reads: Mapping[str, float]
    hottest_reads: float
    """Units of the one item that every batch of webhook_dispatch reads."""
    records: Mapping[str, float]
    """By topic."""
    topic_mb: Mapping[str, float]
    """Written, replicas not counted."""
    topic_partitions: Mapping[str, int]
    """That keep each consumer of a topic below UTILISATION."""
    to_providers: float
    s3_puts: float
    s3_gets: float
    egress_mb: float
    log_mb: float

    @property
    def gateway_requests(self) -> float:
        """What counts against API Gateway's throttle of an account."""
        return self.http_requests + self.frames + self.new_connections + self.posts

    @property
    def concurrency(self) -> float:
        return sum(load.concurrency for load in self.functions.values())

    @property
    def invocations(self) -> float:
        return sum(load.invocations for load in self.functions.values())

    @property
    def kafka_mb(self) -> float:
        return sum(self.topic_mb.values())


def demand(measured: Measurements, deployed: Deployed, rate: float, work: Workload, design: Design) -> Demand:
    """At `rate` messages a second."""
    per_message = work.per_message()
    uses = {name: _sum(parts) for name, parts in merged(measured.kinds, per_message).items()}
    pushes = sum(measured.kinds[kind].pushes * times for kind, times in per_message.items())
    shares = splits(measured)
    services = {
        name: service(name, use, shares.get(name), deployed, design, pushes / uses["realtime"].invocations)
        for name, use in uses.items()
    }
    partitions = _partitions(services, uses, deployed, rate)
    functions: dict[str, FunctionLoad] = {}
    writes, reads = defaultdict[str, float](float), defaultdict[str, float](float)
    for name, use in uses.items():
        if name in deployed.topics:
            of_topic = partitions[deployed.topics[name]]
            functions[name] = consumer_load(services[name], use.invocations * rate, of_topic, deployed.batch)
        else:
            functions[name] = asked_load(services[name], use.invocations * rate)
        for table, units in in_batches(use, shares.get(name), functions[name].records).tables.items():
            writes[table] += units.write * rate
            reads[table] += units.read * rate
    records, topic_mb = _produced(measured, per_message, rate)
    own = design.own_websockets
    files = work.kinds.get("file_text", 0.0) * rate
    dispatch = functions["webhook_dispatch"]
    kept = design.webhook_version_kept_s
    return Demand(
        messages=rate,
        http_requests=sum(
            f.invocations for n, f in functions.items() if n not in deployed.topics and n not in _NO_REQUEST
        ),
        frames=0.0 if own else sum(f.invocations for n, f in functions.items() if n in _OVER_WEBSOCKET),
        posts=0.0 if own else pushes * rate / design.events_a_post,
        connections=work.connection_s_per_message * rate,
        new_connections=0.0 if own else work.connection_s_per_message / work.session_s * rate,
        functions=functions,
        services=services,
        writes=dict(writes),
        reads=dict(reads),
        hottest_reads=min(dispatch.invocations, dispatch.partitions / kept) if kept else dispatch.invocations,
        records=records,
        topic_mb=topic_mb,
        topic_partitions=partitions,
        to_providers=work.kinds.get("text_to_telegram", 0.0) * rate,
        s3_puts=files,
        s3_gets=3 * files,
        egress_mb=(pushes * rate * work.event_bytes + files * work.file_bytes) / 1e6,
        log_mb=sum(load.invocations for load in functions.values()) * work.log_bytes / 1e6,
    )


def _partitions(
    services: Mapping[str, Service], uses: Mapping[str, FunctionUse], deployed: Deployed, rate: float
) -> dict[str, int]:
    """Of each topic: what its slowest consumer needs, and at least what the template makes."""
    found: dict[str, int] = {}
    for name, topic in deployed.topics.items():
        arriving = uses[name].invocations * rate if name in uses else 0.0
        needed = partitions_for(services[name], arriving, deployed.batch) if arriving else 0
        found[topic] = max(found.get(topic, deployed.partitions), needed)
    return found


def _produced(
    measured: Measurements, per_message: Mapping[str, float], rate: float
) -> tuple[dict[str, float], dict[str, float]]:
    records, megabytes = defaultdict[str, float](float), defaultdict[str, float](float)
    for kind, times in per_message.items():
        for topic, produced in measured.kinds[kind].topics.items():
            records[topic] += produced.records * times * rate
            megabytes[topic] += produced.bytes * times * rate / 1e6
    return dict(records), dict(megabytes)


def _sum(parts: list[tuple[float, FunctionUse]]) -> FunctionUse:
    """Of all that a message has a function do, as if each record came alone."""
    tables: dict[str, list[float]] = {}
    for times, use in parts:
        for table, units in use.tables.items():
            written, read = tables.get(table, [0.0, 0.0])
            tables[table] = [written + times * units.write, read + times * units.read]
    return FunctionUse(
        sum(times * use.invocations for times, use in parts),
        sum(times * use.processor_ms for times, use in parts),
        sum(times * use.dynamodb_calls for times, use in parts),
        max(use.records for _, use in parts),
        max(use.memory_mb for _, use in parts),
        {table: Units(*of) for table, of in tables.items()},
    )
