"""How much of each partition is held in memory, and which partitions are paused for it."""

from collections.abc import Iterable

SMALLEST_BATCH = 500
"""Smaller batches count as this many records: a pause costs up to one long poll of the broker (`fetch.wait.max.ms`)."""
MOST_BATCHES = 4
FEW_BATCHES = 2
MOST_BYTES = 12 * 1024 * 1024
FEW_BYTES = 6 * 1024 * 1024


class Buffers:
    """Counts the records that were read and are not done with. Not locked: its owner does that.

    A partition is paused at four batches and resumed at two, because resuming one fetches anew what was read ahead.
    """

    def __init__(self, batch_size: int) -> None:
        self._most = MOST_BATCHES * max(batch_size, SMALLEST_BATCH)
        self._few = FEW_BATCHES * max(batch_size, SMALLEST_BATCH)
        self._records: dict[int, int] = {}
        self._bytes: dict[int, int] = {}
        self._paused: set[int] = set()

    def add(self, records: Iterable[tuple[int, int]]) -> list[int]:
        """Counts records, given as partition and bytes; the partitions to pause now."""
        for partition, size in records:
            self._records[partition] = self._records.get(partition, 0) + 1
            self._bytes[partition] = self._bytes.get(partition, 0) + size
        full = [
            partition
            for partition, count in self._records.items()
            if partition not in self._paused and (count >= self._most or self._bytes[partition] >= MOST_BYTES)
        ]
        self._paused.update(full)
        return full

    def remove(self, partition: int, records: int, size: int) -> bool:
        """Takes records off; True where the partition is to be resumed now."""
        if partition not in self._records:
            return False
        self._records[partition] -= records
        self._bytes[partition] -= size
        if partition in self._paused and self._records[partition] <= self._few and self._bytes[partition] <= FEW_BYTES:
            self._paused.discard(partition)
            return True
        return False

    def count(self, partition: int) -> int:
        return self._records.get(partition, 0)

    @property
    def paused(self) -> bool:
        return bool(self._paused)

    def clear(self) -> None:
        self._records.clear()
        self._bytes.clear()
        self._paused.clear()
