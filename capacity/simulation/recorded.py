"""What `python -m tests.benchmarks.pipeline` found: capacity/measurements/pipeline.json, typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from capacity.measurements import FOLDER, read


@dataclass(frozen=True)
class AtRate:
    """Of texts between two, sent at random moments."""

    rate: float
    """Messages a second."""
    messages: int
    api_ms: Mapping[str, float]
    """p50, p90 and p99, from asking to the answer."""
    push_ms: Mapping[str, float]
    """To the push at the other's WebSocket."""
    processor_ms: Mapping[str, float]
    """A message, by function, engine, `stack` and `client`; what they do when nobody asks is in it."""
    spread: float
    """Standard deviation of the logarithm of what messages_send took."""
    load_average: float


@dataclass(frozen=True)
class Recorded:
    """Of one run."""

    rates: Sequence[AtRate]
    """The lowest first."""
    full_clients: int
    full_messages_s: float
    """With so many clients, each of which waits for its push."""
    processors_of_others: float
    """That other programs of the machine took meanwhile."""
    processors: int
    date: str
    priority: int | None


def load(folder: Path = FOLDER) -> Recorded:
    """Raises BadMeasurements."""
    return read(folder / "pipeline.json", _recorded)


def _recorded(kept: Mapping[str, Any]) -> Recorded:
    rates = sorted((_at(one) for one in kept["rates"]), key=lambda one: one.rate)
    on, full = kept["rates"][0]["on"], kept["full"]
    reached = full["clients"], full["messages_s"], full["processors_of_others"]
    return Recorded(rates, *reached, on["processors"], on["date"], kept["priority"])


def _at(one: Mapping[str, Any]) -> AtRate:
    busy = float(one["on"]["load_average"][0])
    return AtRate(one["rate"], one["messages"], one["api_ms"], one["push_ms"], one["processor_ms"], one["spread"], busy)
