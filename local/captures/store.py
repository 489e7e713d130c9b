"""Keeps what a running stack captures: collected in the event loop, written by a thread."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.captures.capture import Capture, CaptureSummary, FunctionStatistics
from local.captures.file import CaptureFile
from local.captures.observed import Observed, Row, row_of
from local.captures.settings import CaptureSettings
from local.captures.statistics import Statistics
from local.metrics.buckets import Buckets
from local.start_error import StartError

_WRITE_EVERY_S = 0.25
_WAITING_BYTES = 64 << 20
_WATCHER_BATCHES = 100
_TRIM_SHARE = 10
"""Trimmed when a tenth of the bound has been added."""

_LOG = logging.getLogger(__name__)


class CaptureStore:
    """All methods belong to one event loop. A kill loses the last quarter of a second.

    When the disk is slower than the invocations, some that ended ok are left out (`dropped`), never one that failed.
    """

    def __init__(self, path: Path, settings: CaptureSettings | None = None) -> None:
        self.dropped = 0
        """Invocations that were not kept, because they came faster than they could be written."""
        self._file = CaptureFile(path)
        self._settings = settings or CaptureSettings()
        self._statistics = Statistics()
        self._waiting: list[Observed] = []
        self._waiting_bytes = 0
        self._due: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(1, "captures")
        self._writing: asyncio.Task[None] | None = None
        self._watchers: set[asyncio.Queue[Sequence[CaptureSummary]]] = set()
        self._untrimmed = self._untrimmed_bytes = 0

    async def start(self) -> None:
        """Raises StartError where the file cannot be made."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._file.open)
        except (sqlite3.Error, OSError) as error:
            raise StartError(f"Invocations cannot be kept in {self._file.path}: {error}.") from error

    async def stop(self) -> None:
        """Write what is left."""
        await self.flush()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._file.close)
        self._thread.shutdown()

    async def list(
        self,
        function: str | None = None,
        source: str | None = None,
        errors: bool = False,
        text: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[CaptureSummary]:
        """The newest first, up to what happened until now. `before` is the sequence of the last one of the page before.

        `errors` is everything that did not end ok; `text` is looked for in events, responses, logs and errors.
        """
        await self.flush()
        return await asyncio.to_thread(self._file.list, function, source, errors, text, before, limit)

    async def get(self, request_id: str) -> Capture | None:
        """The last try of that request; None when it is not kept (any more)."""
        await self.flush()
        return await asyncio.to_thread(self._file.get, request_id)

    def statistics(self) -> Mapping[str, FunctionStatistics]:
        """By function name, since the stack started; without those that were never invoked."""
        return self._statistics.by_function()

    def timings(self) -> Mapping[str, tuple[Buckets, Buckets]]:
        """Durations and inits of each function, since the stack started; of the last quarter of a second not yet."""
        return self._statistics.timings()

    def statistics_of(self, function: str) -> FunctionStatistics:
        return self._statistics.of(function)

    async def watch(self) -> AsyncIterator[Sequence[CaptureSummary]]:
        """New captures in batches, oldest first, from now on. One that reads too slowly misses the oldest."""
        queue: asyncio.Queue[Sequence[CaptureSummary]] = asyncio.Queue(_WATCHER_BATCHES)
        self._watchers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._watchers.discard(queue)

    def add(self, seen: Observed) -> None:
        """Count it and keep it. Costs the event loop microseconds; never fails, never waits."""
        self._statistics.count(seen)
        self._waiting.append(seen)
        self._waiting_bytes += seen.size
        if self._waiting_bytes > _WAITING_BYTES:
            self._drop_successes()
        if self._due is None and self._writing is None:
            self._due = asyncio.get_running_loop().call_later(_WRITE_EVERY_S, self._write_soon)

    async def flush(self) -> None:
        """Return when everything up to now can be read."""
        while self._waiting or self._writing is not None:
            if self._writing is None:
                self._write_soon()
            if self._writing is not None:
                await asyncio.shield(self._writing)

    def _write_soon(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._writing = asyncio.get_running_loop().create_task(self._write_waiting())

    async def _write_waiting(self) -> None:
        batch, self._waiting, self._waiting_bytes = self._waiting, [], 0
        try:
            written = await asyncio.get_running_loop().run_in_executor(self._thread, self._write, batch)
        except Exception:
            # Such as a full disk. Functions run on; what comes later is tried again.
            _LOG.exception("%d invocations were not captured", len(batch))
            self.dropped += len(batch)
            written = []
        finally:
            self._writing = None
        if self._waiting and self._due is None:
            self._due = asyncio.get_running_loop().call_later(_WRITE_EVERY_S, self._write_soon)
        for queue in self._watchers if written else ():
            if queue.full():
                queue.get_nowait()
            with contextlib.suppress(asyncio.QueueFull):
                queue.put_nowait(written)

    def _write(self, batch: Sequence[Observed]) -> Sequence[CaptureSummary]:
        """In the thread."""
        rows = [row_of(seen) for seen in batch]
        self._statistics.time(rows)
        written = self._append(rows)
        self._untrimmed += len(batch)
        self._untrimmed_bytes += sum(seen.size for seen in batch)
        number, size = self._settings.number, self._settings.bytes
        if self._untrimmed * _TRIM_SHARE > number or self._untrimmed_bytes * _TRIM_SHARE > size:
            self._file.trim(number, size)
            self._untrimmed = self._untrimmed_bytes = 0
        return written

    def _append(self, rows: Sequence[Row]) -> Sequence[CaptureSummary]:
        try:
            return self._file.append(rows)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise
            _LOG.error("%s is damaged and is begun anew: earlier invocations are not shown any more", self._file.path)
            self._file.begin_anew()
            return self._file.append(rows)

    def _drop_successes(self) -> None:
        kept = [seen for seen in self._waiting if seen.failed]
        self.dropped += len(self._waiting) - len(kept)
        self._waiting, self._waiting_bytes = kept, sum(seen.size for seen in kept)
