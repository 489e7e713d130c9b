"""What functions have been told of, in an SQLite file: what is not in it, or is otherwise, they were not told of yet."""

import json
import sqlite3
from collections.abc import Collection
from pathlib import Path

from local.database_check import check
from local.object_change import ObjectState
from local.start_error import StartError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    etag TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_s INTEGER NOT NULL,
    PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS watched (bucket TEXT PRIMARY KEY, prefixes TEXT NOT NULL) STRICT;
"""


class KnownObjects:
    """Every method returns when its change would survive the end of this process."""

    def __init__(self, path: Path) -> None:
        """Raises StartError for a file that is none."""
        try:
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(_SCHEMA)
            check(self._connection)
        except sqlite3.Error as error:
            raise StartError(
                f"{path}, the objects whose events are told, cannot be read ({error}): "
                "make it readable, or remove it: objects that are there then give no events."
            ) from error

    def get(self, bucket: str, key: str) -> ObjectState | None:
        query = "SELECT etag, size, modified_s FROM objects WHERE bucket = ? AND key = ?"
        row = self._connection.execute(query, (bucket, key)).fetchone()
        return ObjectState(*row) if row else None

    def all(self, bucket: str) -> dict[str, ObjectState]:
        """By key."""
        rows = self._connection.execute("SELECT key, etag, size, modified_s FROM objects WHERE bucket = ?", (bucket,))
        return {key: ObjectState(*state) for key, *state in rows}

    def put(self, bucket: str, key: str, state: ObjectState | None) -> None:
        """None: it is not there."""
        if state is None:
            self._connection.execute("DELETE FROM objects WHERE bucket = ? AND key = ?", (bucket, key))
            return
        self._connection.execute(
            "INSERT OR REPLACE INTO objects (bucket, key, etag, size, modified_s) VALUES (?, ?, ?, ?, ?)",
            (bucket, key, state.etag, state.size, state.modified_s),
        )

    def watched(self, bucket: str) -> tuple[str, ...]:
        """Beginnings of the keys whose objects are known since `watch`; none for a bucket that is new here."""
        row = self._connection.execute("SELECT prefixes FROM watched WHERE bucket = ?", (bucket,)).fetchone()
        return tuple(json.loads(row[0])) if row else ()

    def watch(self, bucket: str, prefixes: Collection[str]) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO watched (bucket, prefixes) VALUES (?, ?)", (bucket, json.dumps(sorted(prefixes)))
        )

    def forget_others(self, buckets: Collection[str]) -> None:
        """Of buckets that nobody is told of any more nothing is known."""
        known = [row[0] for row in self._connection.execute("SELECT bucket FROM watched")]
        for bucket in known:
            if bucket not in buckets:
                self._connection.execute("DELETE FROM objects WHERE bucket = ?", (bucket,))
                self._connection.execute("DELETE FROM watched WHERE bucket = ?", (bucket,))

    def close(self) -> None:
        self._connection.close()
