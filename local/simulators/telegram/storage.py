"""What Telegram remembers: bots, people, chats, messages and updates that are still to be delivered. One SQLite file.

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
    last_error_date INTEGER, last_error_message TEXT);
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, username TEXT NOT NULL,
    phone_number TEXT NOT NULL, language_code TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS chats (
    bot_id INTEGER NOT NULL, person_id INTEGER NOT NULL, blocked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (bot_id, person_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
    bot_id INTEGER NOT NULL, message_id INTEGER NOT NULL, person_id INTEGER NOT NULL, from_bot INTEGER NOT NULL,
    date INTEGER NOT NULL, edit_date INTEGER, reply_to INTEGER, content TEXT NOT NULL,
    reaction TEXT NOT NULL DEFAULT '', deleted INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL,
    PRIMARY KEY (bot_id, message_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_of_person ON messages (person_id, revision);
CREATE INDEX IF NOT EXISTS messages_by_revision ON messages (revision);
CREATE TABLE IF NOT EXISTS updates (
    bot_id INTEGER NOT NULL, update_id INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (bot_id, update_id)) WITHOUT ROWID;
"""
_FIRST_PERSON = 7_000_000_001


class Storage:
    """The tables, and the few questions asked of them."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def transaction(self) -> "_Transaction":
        """All writes of a `with` block at once, or none."""
        return _Transaction(self._db)

    # --- settings
    def setting(self, name: str, default: Any) -> Any:
        row = self._one("SELECT value FROM settings WHERE name = ?", name)
        return default if row is None else json.loads(row["value"])

    def set_setting(self, name: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, json.dumps(value)))

    # --- bots
    def bot(self, bot_id: int) -> Row | None:
        return self._one("SELECT * FROM bots WHERE id = ?", bot_id)

    def bots(self) -> list[Row]:
        return self._all("SELECT * FROM bots ORDER BY name, id")

    def add_bot(self, bot_id: int, secret: str, name: str, username: str, first_update_id: int) -> None:
        self._db.execute(
            "INSERT INTO bots (id, secret, name, username, last_update_id) VALUES (?, ?, ?, ?, ?)",
            (bot_id, secret, name, username, first_update_id),
        )

    def set_webhook(self, bot_id: int, url: str, secret: str, allowed_updates: list[str], connections: int) -> None:
        self._db.execute(
            "UPDATE bots SET webhook_url = ?, webhook_secret = ?, allowed_updates = ?, max_connections = ?,"
            " last_error_date = NULL, last_error_message = NULL WHERE id = ?",
            (url, secret, json.dumps(allowed_updates), connections, bot_id),
        )

    def set_allowed_updates(self, bot_id: int, allowed_updates: list[str]) -> None:
        self._db.execute("UPDATE bots SET allowed_updates = ? WHERE id = ?", (json.dumps(allowed_updates), bot_id))

    def set_webhook_error(self, bot_id: int, date: int, text: str) -> None:
        self._db.execute(
            "UPDATE bots SET last_error_date = ?, last_error_message = ? WHERE id = ?", (date, text, bot_id)
        )

    # --- people and chats
    def person(self, person_id: int) -> Row | None:
        return self._one("SELECT * FROM people WHERE id = ?", person_id)

    def people(self) -> list[Row]:
        return self._all("SELECT * FROM people ORDER BY id")

    def add_person(self, first_name: str, last_name: str, username: str, phone_number: str, language_code: str) -> Row:
        (found,) = self._db.execute(
            "INSERT INTO people SELECT coalesce(max(id) + 1, ?), ?, ?, ?, ?, ? FROM people RETURNING *",
            (_FIRST_PERSON, first_name, last_name, username, phone_number, language_code),
        ).fetchall()
        return dict(found)

    def chat(self, bot_id: int, person_id: int) -> Row | None:
        return self._one("SELECT * FROM chats WHERE bot_id = ? AND person_id = ?", bot_id, person_id)

    def chats(self, person_id: int) -> list[Row]:
        return self._all("SELECT * FROM chats WHERE person_id = ?", person_id)

    def start_chat(self, bot_id: int, person_id: int) -> None:
        self._db.execute("INSERT OR IGNORE INTO chats (bot_id, person_id) VALUES (?, ?)", (bot_id, person_id))

    def set_blocked(self, bot_id: int, person_id: int, *, blocked: bool) -> None:
        self._db.execute(
            "UPDATE chats SET blocked = ? WHERE bot_id = ? AND person_id = ?", (int(blocked), bot_id, person_id)
        )

    # --- messages
    def message(self, bot_id: int, person_id: int, message_id: int) -> Row | None:
        return self._one(
            "SELECT * FROM messages WHERE bot_id = ? AND message_id = ? AND person_id = ? AND deleted = 0",
            bot_id,
            message_id,
            person_id,
        )

    def messages(self, bot_id: int, person_id: int) -> list[Row]:
        return self._all(
            "SELECT * FROM messages WHERE bot_id = ? AND person_id = ? ORDER BY message_id", bot_id, person_id
        )

    def messages_changed(self, person_id: int, after_revision: int) -> list[Row]:
        return self._all(
            "SELECT * FROM messages WHERE person_id = ? AND revision > ? ORDER BY revision", person_id, after_revision
        )

    def revision(self) -> int:
        row = self._one("SELECT coalesce(max(revision), 0) AS newest FROM messages")
        return int(row["newest"]) if row else 0

    def add_message(
        self, bot_id: int, person_id: int, content: Row, *, from_bot: bool, date: int, reply_to: int | None
    ) -> Row:
        """A new message with the bot's next message_id (one sequence over all its private chats, as Telegram has it)."""
        with self.transaction():
            ((message_id,),) = self._db.execute(
                "UPDATE bots SET last_message_id = last_message_id + 1 WHERE id = ? RETURNING last_message_id",
                (bot_id,),
            ).fetchall()
            (found,) = self._db.execute(
                "INSERT INTO messages (bot_id, message_id, person_id, from_bot, date, reply_to, content, revision)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                (
                    bot_id,
                    message_id,
                    person_id,
                    int(from_bot),
                    date,
                    reply_to,
                    json.dumps(content),
                    self.revision() + 1,
                ),
            ).fetchall()
        return _row(found)

    def change_message(self, row: Row, **changes: Any) -> Row:
        """Set columns of a message, under a new revision; answers it as it is then."""
        values = row | changes | {"revision": self.revision() + 1}
        self._db.execute(
            "UPDATE messages SET content = ?, edit_date = ?, reaction = ?, deleted = ?, revision = ?"
            " WHERE bot_id = ? AND message_id = ?",
            (
                json.dumps(values["content"]),
                values["edit_date"],
                values["reaction"],
                values["deleted"],
                values["revision"],
                row["bot_id"],
                row["message_id"],
            ),
        )
        return values

    # --- updates
    def add_update(self, bot_id: int, kind: str, document: Row) -> None:
        with self.transaction():
            ((update_id,),) = self._db.execute(
                "UPDATE bots SET last_update_id = last_update_id + 1 WHERE id = ? RETURNING last_update_id", (bot_id,)
            ).fetchall()
            update = {"update_id": update_id, kind: document}
            self._db.execute("INSERT INTO updates VALUES (?, ?, ?)", (bot_id, update_id, json.dumps(update)))

    def updates(self, bot_id: int, limit: int) -> list[Row]:
        """The oldest pending updates, as the Update objects themselves."""
        rows = self._db.execute(
            "SELECT document FROM updates WHERE bot_id = ? ORDER BY update_id LIMIT ?", (bot_id, limit)
        )
        return [json.loads(row["document"]) for row in rows]

    def update_count(self, bot_id: int) -> int:
        row = self._one("SELECT count(*) AS pending FROM updates WHERE bot_id = ?", bot_id)
        return int(row["pending"]) if row else 0

    def forget_updates(self, bot_id: int, before: int) -> None:
        """Forget updates with an update_id below `before`."""
        self._db.execute("DELETE FROM updates WHERE bot_id = ? AND update_id < ?", (bot_id, before))

    def forget_all_but(self, bot_id: int, count: int) -> None:
        """Keep only the `count` newest pending updates."""
        self._db.execute(
            "DELETE FROM updates WHERE bot_id = ? AND update_id NOT IN"
            " (SELECT update_id FROM updates WHERE bot_id = ? ORDER BY update_id DESC LIMIT ?)",
            (bot_id, bot_id, count),
        )

    def _one(self, sql: str, *values: Any) -> Row | None:
        found = self._db.execute(sql, values).fetchone()
        return None if found is None else _row(found)

    def _all(self, sql: str, *values: Any) -> list[Row]:
        return [_row(found) for found in self._db.execute(sql, values)]


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
    for name in ("content", "allowed_updates"):
        if name in row:
            row[name] = json.loads(row[name])
    return row
