"""The file in which a client keeps what it holds: SQLite, one process at a time, whole transactions or nothing."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from chat4all_client.errors import ClientError

VERSION = 1
_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, document TEXT NOT NULL, through INTEGER NOT NULL, beyond TEXT NOT NULL, loaded_from INTEGER NOT NULL,
    members TEXT NOT NULL, read_seq INTEGER NOT NULL, read_told INTEGER NOT NULL, delivered_told INTEGER NOT NULL,
    unread TEXT NOT NULL, is_stale INTEGER NOT NULL
);
CREATE TABLE messages (
    conversation_id TEXT NOT NULL, seq INTEGER NOT NULL, message_id TEXT NOT NULL, sender_id TEXT NOT NULL,
    document TEXT NOT NULL,    PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;
CREATE INDEX messages_by_id ON messages (message_id);
CREATE TABLE early_reactions (
    conversation_id TEXT NOT NULL, message_id TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (conversation_id, message_id)
) WITHOUT ROWID;
CREATE TABLE partial (
    conversation_id TEXT NOT NULL, message_id TEXT NOT NULL, PRIMARY KEY (conversation_id, message_id)
) WITHOUT ROWID;
CREATE TABLE reports (
    conversation_id TEXT NOT NULL, message_id TEXT NOT NULL, recipient_id TEXT NOT NULL, channel TEXT NOT NULL,
    status TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (conversation_id, message_id, recipient_id, channel)
) WITHOUT ROWID;
CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL UNIQUE, conversation_id TEXT NOT NULL,
    body TEXT NOT NULL, created_at TEXT NOT NULL, state TEXT NOT NULL, seq INTEGER, why TEXT
);
CREATE INDEX outbox_by_conversation ON outbox (conversation_id, state, position);
CREATE TABLE users (id TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE unknown (kind TEXT PRIMARY KEY, count INTEGER NOT NULL, last TEXT NOT NULL);
"""


class StoreError(ClientError):
    """The store's file cannot be used; the text says why."""


class StoreInUse(StoreError):
    """Another process, or another client of this one, has the store open."""


class Database:
    """One open file. What happens in `transaction` is there as a whole or not at all, whenever the process dies."""

    def __init__(self, path: Path) -> None:
        """Raises StoreInUse, StoreError, OSError."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = _locked(path)
        try:
            self.connection = _opened(path)
        except BaseException:
            self._lock.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commits at the end; what raises leaves everything as it was."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise

    def close(self) -> None:
        """Close the file, and let others have it."""
        self.connection.close()
        self._lock.close()


def _locked(path: Path) -> IO[bytes]:
    """The lock of a store, which ends with the process that holds it. A file of its own, as SQLite's locks are short."""
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    lock = os.fdopen(descriptor, "r+b")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise StoreInUse(
            f"{path} is open already, in this process or another: each client needs a store of its own"
        ) from None
    return lock


def _opened(path: Path) -> sqlite3.Connection:
    # Used by one thread at a time (disk.py), which is not the one that opens it.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        # With WAL, NORMAL loses nothing when the process dies. When the machine does, the last moments may be missing: then the
        # sync brings them again, and what was being sent counts as never asked for.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        elif version != VERSION:
            raise StoreError(
                f"{path} was written by another version of this client (layout {version}, this one: {VERSION})"
            )
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StoreError(f"{path} is no store of a chat client: {error}") from error
    except BaseException:
        connection.close()
        raise
    path.chmod(0o600)
    return connection
