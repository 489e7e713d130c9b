"""Tables of what was measured and assumed."""

from dataclasses import fields

from capacity.batching import BURST, splits
from capacity.markdown import number, table
from capacity.measurements import Measurements
from capacity.workload import Latencies, Workload

_WAITS = {
    "dynamodb": "a call to DynamoDB",
    "kafka": "a record acknowledged by two of three brokers",
    "push": "a POST to @connections",
    "pushes_at_once": "how many of them go side by side",
    "poller": "from an acknowledged record to its invocation",
    "provider": "a provider's API",
    "webhook": "a customer's server",
}
_HEADS = (
    "kind",
    "write units",
    "read units",
    "calls",
    "records",
    "bytes in Kafka",
    "invocations",
    "processor ms",
    "pushes",
)


def kinds(measured: Measurements) -> str:
    """What one message of each kind uses, over all functions."""
    rows = []
    for name, use in measured.kinds.items():
        functions, topics = use.functions.values(), use.topics.values()
        figures = (
            sum(units.write for f in functions for units in f.tables.values()),
            sum(units.read for f in functions for units in f.tables.values()),
            sum(f.dynamodb_calls for f in functions),
            sum(t.records for t in topics),
            sum(t.bytes for t in topics),
            sum(f.invocations for f in functions),
            sum(f.processor_ms for f in functions),
            use.pushes,
        )
        rows.append((f"`{name}`", *map(number, figures)))
    return table(_HEADS, rows)


def meanings(measured: Measurements) -> str:
    return "\n".join(f"- `{name}`: {use.meaning}" for name, use in measured.kinds.items())


def shared_in_batches(measured: Measurements) -> str:
    """What a batch pays once, by function."""
    records = measured.kinds[BURST].functions
    rows = [
        (f"`{name}`", f"{of.processor:.0%}", f"{of.calls:.0%}", number(records[name].records))
        for name, of in splits(measured).items()
    ]
    return table(["function", "of its processor time", "of its calls", "records in a batch of the burst"], rows)


def how_often(work: Workload) -> str:
    return table(["kind", "times"], [(f"`{kind}`", number(times)) for kind, times in work.per_message().items()])


def waits() -> str:
    latencies = Latencies()
    return table(["for", "ms"], [(_WAITS[f.name], f"{getattr(latencies, f.name):g}") for f in fields(latencies)])
