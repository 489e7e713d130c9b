"""What a record costs in a batch: a part for each invocation, which a batch shares, and a part for each record."""

from collections.abc import Mapping
from dataclasses import dataclass

from capacity.measurements import FunctionUse, KindUse, Measurements, Units

SINGLE, BURST = "private_text", "private_text_burst"


@dataclass(frozen=True)
class Split:
    """Of what one record alone costs, the share that is paid once for an invocation: 0 to 1."""

    processor: float
    calls: float


def split(alone: float, together: float, records: float) -> float:
    """From cost = a/n + b at n = 1 and n = `records`: a / (a + b), kept within 0 and 1."""
    if alone <= 0 or records <= 1:
        return 0.0
    fixed = (alone - together) / (1 - 1 / records)
    return min(max(fixed / alone, 0.0), 1.0)


def splits(measured: Measurements) -> Mapping[str, Split]:
    """By function that Kafka invokes, as far as the burst shows it; the others gain nothing from batches here."""
    single, burst = measured.kinds[SINGLE].functions, measured.kinds[BURST].functions
    found = {}
    for name, use in single.items():
        if name in burst and use.records > 0:
            n = burst[name].records
            found[name] = Split(
                split(use.processor_ms, burst[name].processor_ms, n),
                split(use.dynamodb_calls, burst[name].dynamodb_calls, n),
            )
    return found


def in_batches(use: FunctionUse, of: Split | None, records: float) -> FunctionUse:
    """The same work in batches of so many records."""
    if of is None or use.records <= 0 or records <= 1:
        return use
    processor = 1 - of.processor * (1 - 1 / records)
    calls = 1 - of.calls * (1 - 1 / records)
    return FunctionUse(
        use.invocations / records,
        use.processor_ms * processor,
        use.dynamodb_calls * calls,
        records,
        use.memory_mb,
        {table: _units(table, units, records) for table, units in use.tables.items()},
    )


_ONCE_A_BATCH = frozenset({"webhook-owners"})
"""Read once for an invocation, whatever is in it (chat4all.webhooks.lookup)."""


def _units(table: str, units: Units, records: float) -> Units:
    return Units(units.write, units.read / records) if table in _ONCE_A_BATCH else units


def merged(
    kinds: Mapping[str, KindUse], per_message: Mapping[str, float]
) -> Mapping[str, list[tuple[float, FunctionUse]]]:
    """By function: how often a message has it do what."""
    found: dict[str, list[tuple[float, FunctionUse]]] = {}
    for kind, times in per_message.items():
        for name, use in kinds[kind].functions.items() if times else ():
            found.setdefault(name, []).append((times, use))
    return found
