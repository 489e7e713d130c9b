"""The events of asynchronous invocations that are not done, in a SQLite file: what was answered 202 is not lost.

A row is there from before the caller's answer until the event was processed and its record delivered, so that whatever ends
the stack, kill -9 included, each event runs at least once. (A power cut may take the events of the last moments: every
commit reaches the kernel, not the disk, as nothing else here outlives the machine either.)
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from local.database_check import check
from local.start_error import StartError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    request_id TEXT PRIMARY KEY,
    function TEXT NOT NULL,
    event BLOB NOT NULL,
    accepted_at REAL NOT NULL,
    due_at REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    last_error BLOB
) STRICT
"""


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """Times in seconds since the epoch. The event itself stays in the file until it is run."""

    request_id: str
    function: str
    accepted_at: float
    due_at: float
    tries: int = 0
    """Those that ended, throttles not counted."""


class EventStore:
    """Every method returns when its change would survive the end of this process. About 50 µs each."""

    def __init__(self, path: Path | None = None) -> None:
        """Without a path it lives in memory, and ends with this process. Raises StartError for a file that is none."""
        try:
            self._connection = sqlite3.connect(path or ":memory:", isolation_level=None)
            for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", _SCHEMA):
                self._connection.execute(statement)
            check(self._connection)
        except sqlite3.Error as error:
            raise StartError(
                f"{path}, the asynchronous invocations that are not done, cannot be read ({error}): "
                "make it readable, or remove it to forget them."
            ) from error

    def add(self, event: PendingEvent, payload: bytes) -> None:
        self._connection.execute(
            "INSERT INTO events (request_id, function, event, accepted_at, due_at) VALUES (?, ?, ?, ?, ?)",
            (event.request_id, event.function, payload, event.accepted_at, event.due_at),
        )

    def pending(self) -> list[PendingEvent]:
        """All, the oldest first."""
        rows = self._connection.execute(
            "SELECT request_id, function, accepted_at, due_at, tries FROM events ORDER BY accepted_at"
        )
        return [PendingEvent(*row) for row in rows]

    def payload(self, request_id: str) -> bytes:
        found = self._one("SELECT event FROM events WHERE request_id = ?", request_id)
        assert found is not None, "no row is without its event"
        return found

    def last_error(self, request_id: str) -> bytes | None:
        """What the function answered at the last try; None when there was none."""
        return self._one("SELECT last_error FROM events WHERE request_id = ?", request_id)

    def failed(self, event: PendingEvent, error: bytes) -> None:
        """Keep that a try failed and when the next one is due."""
        self._connection.execute(
            "UPDATE events SET tries = ?, due_at = ?, last_error = ? WHERE request_id = ?",
            (event.tries, event.due_at, error, event.request_id),
        )

    def remove(self, request_id: str) -> None:
        self._connection.execute("DELETE FROM events WHERE request_id = ?", (request_id,))

    def close(self) -> None:
        self._connection.close()

    def _one(self, query: str, request_id: str) -> bytes | None:
        row = self._connection.execute(query, (request_id,)).fetchone()
        assert row is not None, f"event {request_id} is pending"
        value: bytes | None = row[0]
        return value
