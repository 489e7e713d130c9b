"""A file of named JSON documents, in SQLite."""

import errno
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.database_check import check

Document = dict[str, Any]

_SCHEMA = "CREATE TABLE IF NOT EXISTS document (kind TEXT, name TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, name))"


class Documents:
    """Documents by kind and name, for any thread. What was put is there after a kill of the process."""

    def __init__(self, path: Path) -> None:
        """Only its owner may read the file. Raises OSError where it cannot be used."""
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._lock = threading.RLock()
        try:
            self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", _SCHEMA):
                self._database.execute(statement)
            check(self._database)
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error), str(path)) from error

    async def close(self) -> None:
        with self._lock:
            self._database.close()

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """All that is done inside is done as one, or not at all where it raises. One inside another belongs to it."""
        with self._lock:
            if self._database.in_transaction:
                yield
                return
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def get(self, kind: str, name: str) -> Document | None:
        query = "SELECT body FROM document WHERE kind = ? AND name = ?"
        with self._lock:
            row = self._database.execute(query, (kind, name)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def put(self, kind: str, name: str, document: Document) -> None:
        query = "INSERT INTO document VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body"
        with self._lock:
            self._database.execute(query, (kind, name, json.dumps(document)))

    def delete(self, kind: str, name: str) -> None:
        with self._lock:
            self._database.execute("DELETE FROM document WHERE kind = ? AND name = ?", (kind, name))

    def all(self, kind: str) -> list[Document]:
        """In the order of their names."""
        query = "SELECT body FROM document WHERE kind = ? ORDER BY name"
        with self._lock:
            return [json.loads(body) for (body,) in self._database.execute(query, (kind,))]
