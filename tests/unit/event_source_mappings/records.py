"""Records for tests of the rules."""

from local.event_source_mappings.batching import Arrival, Chunk, Lane
from local.event_source_mappings.record import Record, encode


def record(offset: int, partition: int = 0, value: bytes = b"v", timestamp_ms: int = 1_000_000) -> Record:
    return encode("orders", partition, offset, timestamp_ms, "CREATE_TIME", b"k", value, ())


def chunk(*offsets: int, tries: int = 0, next_offset: int | None = None) -> Chunk:
    return Chunk(tuple(record(offset) for offset in offsets), next_offset or offsets[-1] + 1, tries)


def lane(partition: int, *offsets: int, at: float = 0.0, dropped: tuple[int, ...] = ()) -> Lane:
    made = Lane(partition)
    for offset in sorted({*offsets, *dropped}):
        made.add(Arrival(offset, None if offset in dropped else record(offset, partition), at))
    return made


def offsets(parts: list[tuple[Lane, Chunk]]) -> dict[int, list[int]]:
    """By partition, what a batch holds."""
    return {taken.partition: [r.offset for r in part.records] for taken, part in parts}
