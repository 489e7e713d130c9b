"""What one message of each kind uses, as `scripts/bench report` measured it: capacity/measurements/units.json, typed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

FOLDER = Path(__file__).parent / "measurements"

Made = TypeVar("Made")


class BadMeasurements(Exception):
    """A file of measurements is missing, or is not what is expected; says which, and what to run."""


@dataclass(frozen=True)
class Units:
    """Of DynamoDB, for one message."""

    write: float
    read: float


@dataclass(frozen=True)
class FunctionUse:
    """What one message has a function do."""

    invocations: float
    processor_ms: float
    """On one processor of the machine that measured."""
    dynamodb_calls: float
    records: float
    """In an invocation, on average; 0 where Kafka does not invoke it."""
    memory_mb: int
    """The most that an environment used."""
    tables: Mapping[str, Units]


@dataclass(frozen=True)
class Produced:
    """In a topic, for one message; bytes are those of the log, with the headers of its batches."""

    records: float
    bytes: float


@dataclass(frozen=True)
class KindUse:
    """What one message of a kind uses, all told."""

    meaning: str
    messages: int
    """That were measured."""
    functions: Mapping[str, FunctionUse]
    topics: Mapping[str, Produced]
    pushes: float
    """Events that went out over WebSockets."""
    on: Mapping[str, Any]
    """Date, processors, model, Python, load average at the end."""


@dataclass(frozen=True)
class Measurements:
    """All kinds."""

    kinds: Mapping[str, KindUse]


def load(folder: Path = FOLDER) -> Measurements:
    """Raises BadMeasurements."""
    return read(folder / "units.json", _measurements)


def read(file: Path, made: Callable[[Any], Made]) -> Made:
    """What `made` makes of a file of measurements. Raises BadMeasurements, which names the file and what is missing in it."""
    try:
        return made(json.loads(file.read_text()))
    except FileNotFoundError as error:
        raise BadMeasurements(f"{file} is missing: scripts/bench report --collect makes it") from error
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise BadMeasurements(f"{file} is not what scripts/bench report --collect writes: {error!r}") from error


def _measurements(kept: Mapping[str, Any]) -> Measurements:
    return Measurements({name: _kind(use) for name, use in kept["kinds"].items()})


def _kind(use: Mapping[str, Any]) -> KindUse:
    return KindUse(
        use["meaning"],
        use["messages"],
        {name: _function(of) for name, of in use["functions"].items()},
        {name: Produced(of["records"], of["bytes"]) for name, of in use["kafka"].items()},
        use["pushes"],
        use["on"],
    )


def _function(of: Mapping[str, Any]) -> FunctionUse:
    return FunctionUse(
        of["invocations"],
        of["processor_ms"],
        of["dynamodb_calls"],
        of["records_mean"],
        of["mb_most"],
        {table: Units(units["write"], units["read"]) for table, units in of["dynamodb"].items()},
    )
