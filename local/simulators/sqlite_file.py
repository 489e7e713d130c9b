"""An SQLite file in which a simulator remembers everything, its settings among it.

Every write is its own transaction in write-ahead mode: kill -9 loses nothing that was answered. Calls take some tens of
microseconds and are made straight from the event loop, which also makes each of them atomic among coroutines.
"""

import json
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class SqliteFile:
    """One connection. Rows are dicts, whose JSON columns are read; JSON to be written is given as text."""

    def __init__(self, path: Path, schema: str, json_columns: Collection[str]) -> None:
        self._json = frozenset(json_columns)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(
            f"CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL); {schema}"
        )

    def close(self) -> None:
        self._db.close()

    def transaction(self) -> "_Transaction":
        """All writes of a `with` block at once, or none."""
        return _Transaction(self._db)

    def run(self, sql: str, *values: Any) -> list[Row]:
        """Run one statement; its rows."""
        return [self._row(found) for found in self._db.execute(sql, values).fetchall()]

    def one(self, sql: str, *values: Any) -> Row | None:
        found = self._db.execute(sql, values).fetchone()
        return None if found is None else self._row(found)

    def setting(self, name: str, default: Any) -> Any:
        row = self.one("SELECT value FROM settings WHERE name = ?", name)
        return default if row is None else json.loads(row["value"])

    def set_setting(self, name: str, value: Any) -> None:
        self.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))

    def _row(self, found: sqlite3.Row) -> Row:
        row = dict(found)
        for name in self._json & row.keys():
            row[name] = json.loads(row[name])
        return row


class _Transaction:
    """BEGIN IMMEDIATE ... COMMIT, joined by an outer one where there is one."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._outer = db.in_transaction

    def __enter__(self) -> None:
        if not self._outer:
            self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if not self._outer:
            self._db.execute("COMMIT" if kind is None else "ROLLBACK")
