"""How far one mapping has come in its partitions: shared by the poller's thread and the event loop."""

from collections.abc import Iterable, Mapping
from threading import Lock

from local.event_source_mappings.buffers import Buffers


class Progress:
    """Offsets and buffers of the partitions that are assigned. Any thread; nothing in it waits for a broker."""

    def __init__(self, batch_size: int) -> None:
        self._lock = Lock()
        self._buffers = Buffers(batch_size)
        self._committed: dict[int, int | None] = {}
        self._to_commit: dict[int, int] = {}
        self._ends: dict[int, tuple[int, int]] = {}
        self._resume: set[int] = set()

    # The event loop's side

    def done(self, partition: int, offset: int) -> None:
        """The records before `offset` are done; nothing happens where the partition was taken away."""
        with self._lock:
            if partition in self._committed:
                self._to_commit[partition] = offset

    def release(self, partition: int, records: int, size: int) -> None:
        """Records of `size` bytes have left the buffer."""
        with self._lock:
            if self._buffers.remove(partition, records, size):
                self._resume.add(partition)

    def committed(self, partition: int) -> int | None:
        """The group's offset; None before the first commit."""
        with self._lock:
            return self._committed.get(partition)

    def buffered(self, partition: int) -> int:
        """Records read and not released."""
        with self._lock:
            return self._buffers.count(partition)

    def lag(self, partition: int) -> int | None:
        """Records that are not committed, as far as the last fetch told."""
        with self._lock:
            ends = self._ends.get(partition)
            if ends is None:
                return None
            first, end = ends
            offset = self._committed.get(partition)
            return max(0, end - (first if offset is None else offset))

    # The poller's side

    def assigned(self, committed: Mapping[int, int | None]) -> None:
        with self._lock:
            self._committed = dict(committed)
            self._to_commit = {}
            self._ends = {}

    def revoked(self) -> dict[int, int]:
        """Forgets everything; the offsets that were done and not yet committed."""
        with self._lock:
            last, self._to_commit, self._committed, self._ends = self._to_commit, {}, {}, {}
            self._buffers.clear()
            self._resume.clear()
            return last

    def partitions(self) -> list[int]:
        with self._lock:
            return list(self._committed)

    def read(self, records: Iterable[tuple[int, int]]) -> list[int]:
        """Counts records, given as partition and bytes; the partitions to pause now."""
        with self._lock:
            return self._buffers.add(records)

    def to_resume(self) -> list[int]:
        with self._lock:
            partitions, self._resume = list(self._resume), set()
            return partitions

    @property
    def paused(self) -> bool:
        with self._lock:
            return self._buffers.paused

    @property
    def uncommitted(self) -> bool:
        with self._lock:
            return bool(self._to_commit)

    def take_commits(self) -> dict[int, int]:
        """By partition, the offsets to commit now."""
        with self._lock:
            offsets, self._to_commit = self._to_commit, {}
            return offsets

    def commit_ended(self, partition: int, offset: int, succeeded: bool) -> None:
        """A commit that failed is tried again, unless there is a later one."""
        with self._lock:
            if partition not in self._committed:
                return
            if succeeded:
                self._committed[partition] = offset
            else:
                self._to_commit.setdefault(partition, offset)

    def ends(self, partition: int, first: int, end: int) -> None:
        """Watermarks of a partition."""
        with self._lock:
            if partition in self._committed and end >= 0:
                self._ends[partition] = (max(first, 0), end)
