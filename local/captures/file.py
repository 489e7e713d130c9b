"""The SQLite file of captures: written by the stack, read by it and by commands, also when no stack runs."""

import builtins
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path

from local.captures.capture import Capture, CaptureSummary
from local.captures.observed import Row

_VERSION = 3
_COLUMNS = (
    "request_id, function, source, started_at, duration_ms, init_ms, max_memory_mb, outcome, error_type, error_message"
)
_BODIES = "event, response, log"
_SCHEMA = f"""
CREATE TABLE capture (
    sequence INTEGER PRIMARY KEY, request_id TEXT, function TEXT, source TEXT, started_at INTEGER, duration_ms REAL,
    init_ms REAL, max_memory_mb INTEGER, outcome TEXT, error_type TEXT, error_message TEXT,
    event BLOB, response BLOB, log BLOB,
    failed INTEGER GENERATED ALWAYS AS (outcome <> 'ok') VIRTUAL,
    size INTEGER GENERATED ALWAYS AS (length(event) + length(response) + length(log)) VIRTUAL
);
CREATE INDEX by_failed ON capture (failed, sequence, size, request_id);
PRAGMA user_version = {_VERSION};
"""
_OF_REQUEST = "FROM capture INDEXED BY by_failed WHERE failed IN (0, 1) AND"
"""Request ids are looked for in the whole of this index, which is quick: one of their own, whose pages are written in no
order, would cost every invocation a third of what it costs to keep it."""
_ROWS_AT_ONCE = 50
"""In one statement: SQLite runs without Python's lock, and each statement has to win it back from the event loop."""
_SUMMARY = f"SELECT sequence, {_COLUMNS}, length(event), length(response) FROM capture"  # noqa: S608


class CaptureFile:
    """Reads may come from any thread; `append` and `trim` from one at a time, after `open`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer: sqlite3.Connection | None = None

    def open(self) -> None:
        """For writing. What is no capture file of this version is begun anew. Raises sqlite3.Error, OSError."""
        try:
            self._writer = self._open()
        except sqlite3.DatabaseError:
            self.begin_anew()

    def begin_anew(self) -> None:
        """Forget everything, for writing. Raises as `open`."""
        self.close()
        self.remove()
        self._writer = self._open()

    def remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def append(self, rows: Sequence[Row]) -> list[CaptureSummary]:
        """All or none of them, in order."""
        assert self._writer is not None, "it is open"
        marks = "(" + ",".join("?" * 13) + ")"
        with self._writer as writer:
            (last,) = writer.execute("SELECT coalesce(max(sequence), 0) FROM capture").fetchone()
            for begin in range(0, len(rows), _ROWS_AT_ONCE):
                part = rows[begin : begin + _ROWS_AT_ONCE]
                values = ",".join([marks] * len(part))
                statement = f"INSERT INTO capture ({_COLUMNS}, {_BODIES}) VALUES {values}"  # noqa: S608
                writer.execute(statement, list(chain.from_iterable(part)))
        return [_summary_of(last + 1 + index, row) for index, row in enumerate(rows)]

    def list(
        self,
        function: str | None = None,
        source: str | None = None,
        errors: bool = False,
        text: str | None = None,
        before: int | None = None,
        limit: int = 50,
        since: int | None = None,
    ) -> list[CaptureSummary]:
        """The newest first. `text` is looked for in events, responses, logs, errors and request ids.

        `before` is a sequence, `since` milliseconds since the epoch. `errors` is everything that did not end ok.
        """
        conditions: dict[str, Sequence[object]] = {}
        if function is not None:
            conditions["function = ?"] = (function,)
        if source is not None:
            conditions["source = ?"] = (source,)
        if errors:
            conditions["failed = 1"] = ()
        if text:
            conditions[_TEXT] = (text, text, *[text.encode(errors="surrogateescape")] * 3)
        if before is not None:
            conditions["sequence < ?"] = (before,)
        if since is not None:
            conditions["started_at >= ?"] = (since,)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        with self._reader() as reader:
            query = f"{_SUMMARY}{where} ORDER BY sequence DESC LIMIT ?"
            rows = reader.execute(query, [*chain.from_iterable(conditions.values()), limit])
            return [CaptureSummary(*row) for row in rows]

    def get(self, request_id: str) -> Capture | None:
        """The last try of that request; None when it is not kept (any more)."""
        with self._reader() as reader:
            of_request = f"SELECT max(sequence) {_OF_REQUEST} request_id = ?"
            row = reader.execute(f"{_SUMMARY} WHERE sequence = ({of_request})", (request_id,)).fetchone()
            if row is None:
                return None
            bodies = reader.execute(f"SELECT {_BODIES} FROM capture WHERE sequence = ?", row[:1])  # noqa: S608
            return Capture(CaptureSummary(*row), *bodies.fetchone())

    def request_ids(self, prefix: str) -> "builtins.list[str]":
        """Those that begin so, at most ten."""
        with self._reader() as reader:
            query = f"SELECT DISTINCT request_id {_OF_REQUEST} substr(request_id, 1, ?) = ? LIMIT 10"
            return [row[0] for row in reader.execute(query, (len(prefix), prefix))]

    def functions(self) -> "builtins.list[str]":
        """Names of those of which something is kept."""
        with self._reader() as reader:
            return [row[0] for row in reader.execute("SELECT DISTINCT function FROM capture ORDER BY function")]

    def trim(self, number: int, size: int) -> None:
        """Keep the newest `number` of those that ended ok and of the others each, and of both at most `size` bytes each.

        Apart, so that no flood of successes pushes out what failed.
        """
        assert self._writer is not None, "it is open"
        with self._writer as writer:
            for failed in (0, 1):
                bounds = {"failed": failed, "number": number, "size": size}
                writer.execute(_TRIM_NUMBER, bounds)
                if writer.execute(_SIZE, bounds).fetchone()[0] > size:
                    writer.execute(_TRIM_SIZE, bounds)

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own: SQLite lets many read beside the one that writes.

        Raises sqlite3.Error; where there is no file of this version, there are no rows.
        """
        where = f"{self.path.absolute().as_uri()}?mode=ro" if self.path.exists() else ":memory:"
        with closing(sqlite3.connect(where, uri=True)) as reader:
            if reader.execute("PRAGMA user_version").fetchone() == (_VERSION,):
                yield reader
                return
        with closing(sqlite3.connect(":memory:")) as empty:
            empty.executescript(_SCHEMA)
            yield empty

    def _open(self) -> sqlite3.Connection:
        self.path.touch(0o600)
        self.path.chmod(0o600)  # events hold tokens; SQLite gives the files beside it the same mode
        writer = sqlite3.connect(self.path, check_same_thread=False)
        try:
            # Without a sync what is written survives a kill of the stack, though not a loss of power.
            writer.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
            (version,) = writer.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                raise sqlite3.DatabaseError(f"version {version}")
            if version == 0:
                writer.executescript(_SCHEMA)
        except BaseException:
            writer.close()
            raise
        return writer


_TEXT = (
    "(request_id = ? OR instr(error_type || ' ' || error_message, ?)"
    " OR instr(event, ?) OR instr(response, ?) OR instr(log, ?))"
)
_TRIM_NUMBER = """
DELETE FROM capture INDEXED BY by_failed WHERE failed = :failed AND sequence <= (
    SELECT sequence FROM capture INDEXED BY by_failed WHERE failed = :failed ORDER BY sequence DESC LIMIT 1 OFFSET :number
)
"""
_SIZE = "SELECT total(size) FROM capture INDEXED BY by_failed WHERE failed = :failed"
_TRIM_SIZE = """
DELETE FROM capture WHERE failed = :failed AND sequence <= (
    SELECT max(sequence) FROM (
        SELECT sequence, sum(size) OVER (ORDER BY sequence DESC) AS total
        FROM capture INDEXED BY by_failed WHERE failed = :failed
    ) WHERE total > :size
)
"""


def _summary_of(sequence: int, row: Row) -> CaptureSummary:
    return CaptureSummary(sequence, *row[:10], len(row[10]), len(row[11]))
