"""The SQLite file of the simulator: its tables, and how they are asked.

Every write is its own transaction in write-ahead mode: kill -9 loses nothing that was answered. Calls take some tens of
microseconds and are made straight from the event loop, which also makes each of them atomic among coroutines.
"""

import json
import sqlite3
from pathlib import Path
from typing import Any

Row = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bots (
    id INTEGER PRIMARY KEY, secret TEXT NOT NULL, name TEXT NOT NULL, username TEXT NOT NULL,
    last_message_id INTEGER NOT NULL DEFAULT 0, last_update_id INTEGER NOT NULL,
    webhook_url TEXT NOT NULL DEFAULT '', webhook_secret TEXT NOT NULL DEFAULT '',
    allowed_updates TEXT NOT NULL DEFAULT '[]', max_connections INTEGER NOT NULL DEFAULT 40,
    last_error_date INTEGER, last_error_message TEXT, privacy INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, username TEXT NOT NULL,
    phone_number TEXT NOT NULL, language_code TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS chats (
    bot_id INTEGER NOT NULL, person_id INTEGER NOT NULL, blocked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (bot_id, person_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS groups (
    id INTEGER PRIMARY KEY, bot_id INTEGER NOT NULL, type TEXT NOT NULL, title TEXT NOT NULL,
    bot_status TEXT NOT NULL DEFAULT 'member', last_message_id INTEGER NOT NULL DEFAULT 0, migrated_to INTEGER);
CREATE TABLE IF NOT EXISTS group_members (
    group_id INTEGER NOT NULL, person_id INTEGER NOT NULL, PRIMARY KEY (group_id, person_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
    bot_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, sender_id INTEGER NOT NULL,
    date INTEGER NOT NULL, edit_date INTEGER, reply_to INTEGER, content TEXT NOT NULL,
    reactions TEXT NOT NULL DEFAULT '{}', deleted INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL,
    PRIMARY KEY (bot_id, chat_id, message_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_of_chat ON messages (chat_id, revision);
CREATE INDEX IF NOT EXISTS messages_revisions ON messages (revision);
CREATE TABLE IF NOT EXISTS files (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, mime TEXT NOT NULL,
    name TEXT NOT NULL, path TEXT NOT NULL DEFAULT '', media TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS callbacks (
    id TEXT PRIMARY KEY, bot_id INTEGER NOT NULL, person_id INTEGER NOT NULL, date INTEGER NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS updates (
    bot_id INTEGER NOT NULL, update_id INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (bot_id, update_id)) WITHOUT ROWID;
"""
# From the tables before groups, files and several people's reactions.
_FROM_FIRST = """
INSERT INTO messages SELECT bot_id, person_id, message_id, CASE from_bot WHEN 1 THEN bot_id ELSE person_id END, date,
    edit_date, reply_to, content, CASE reaction WHEN '' THEN '{}' ELSE json_object(bot_id, reaction) END, deleted,
    revision FROM first_messages;
DROP TABLE first_messages;
ALTER TABLE bots ADD COLUMN privacy INTEGER NOT NULL DEFAULT 1;
"""
_JSON = ("content", "allowed_updates", "reactions", "media")


class Database:
    """One connection. Rows are dicts, whose JSON columns are read."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self.run("PRAGMA journal_mode = WAL")
        self.run("PRAGMA synchronous = NORMAL")
        columns = [row["name"] for row in self.all("PRAGMA table_info(messages)")]
        first = "person_id" in columns
        if first:
            self.run("ALTER TABLE messages RENAME TO first_messages")
        self._connection.executescript(f"BEGIN; {_SCHEMA} {_FROM_FIRST if first else ''} COMMIT;")

    def close(self) -> None:
        self._connection.close()

    def transaction(self) -> "_Transaction":
        """All writes of a `with` block at once, or none."""
        return _Transaction(self._connection)

    def run(self, sql: str, *values: Any) -> list[Row]:
        """Run one statement; its rows."""
        return [_row(found) for found in self._connection.execute(sql, values).fetchall()]

    all = run

    def one(self, sql: str, *values: Any) -> Row | None:
        found = self._connection.execute(sql, values).fetchone()
        return None if found is None else _row(found)


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


def _row(found: sqlite3.Row) -> Row:
    row = dict(found)
    for name in _JSON:
        if name in row:
            row[name] = json.loads(row[name])
    return row
