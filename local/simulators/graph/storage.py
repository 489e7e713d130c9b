"""What Meta remembers: accounts, people, chats, messages, media, and events still to be told to webhooks. One SQLite file."""

import json
from pathlib import Path
from typing import Any

from local.simulators.sqlite_file import Row, SqliteFile

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chats (
    account_id TEXT NOT NULL, person_id TEXT NOT NULL, blocked INTEGER NOT NULL DEFAULT 0, inbound_at INTEGER,
    PRIMARY KEY (account_id, person_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL, person_id TEXT NOT NULL,
    at INTEGER NOT NULL, revision INTEGER NOT NULL, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messages_of_chat ON messages (account_id, person_id, number);
CREATE INDEX IF NOT EXISTS messages_of_person ON messages (person_id, revision);
CREATE INDEX IF NOT EXISTS messages_by_revision ON messages (revision);
CREATE TABLE IF NOT EXISTS media (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS templates (
    waba_id TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (waba_id, name, language)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tries (
    number INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT NOT NULL,
    document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL, due INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, copy INTEGER NOT NULL DEFAULT 0, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS events_due ON events (account_id, due, number);
"""
_TRIES_KEPT = 100


class Storage(SqliteFile):
    """The tables, and the few questions asked of them. What has a `document` is that document."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _SCHEMA, ["document"])

    # --- accounts and people
    def account(self, account_id: str) -> Row | None:
        return self._document("SELECT document FROM accounts WHERE id = ?", account_id)

    def accounts(self) -> list[Row]:
        return self._documents("SELECT document FROM accounts ORDER BY id")

    def save_account(self, account: Row) -> Row:
        self.run("INSERT OR REPLACE INTO accounts VALUES (?, ?)", account["id"], json.dumps(account))
        return account

    def person(self, person_id: str) -> Row | None:
        return self._document("SELECT document FROM people WHERE id = ?", person_id)

    def people(self, channel: str | None = None) -> list[Row]:
        found = self._documents("SELECT document FROM people ORDER BY id")
        return [person for person in found if channel in (None, person["channel"])]

    def person_where(self, channel: str, name: str, value: str) -> Row | None:
        """The person of a channel whose `name` is `value`."""
        return self._document(
            "SELECT document FROM people WHERE json_extract(document, '$.channel') = ?"
            " AND json_extract(document, '$.' || ?) = ?",
            *(channel, name, value),
        )

    def save_person(self, person: Row) -> Row:
        self.run("INSERT OR REPLACE INTO people VALUES (?, ?)", person["id"], json.dumps(person))
        return person

    # --- chats
    def chat(self, account_id: str, person_id: str) -> Row | None:
        """{account_id, person_id, blocked, inbound_at}; None before the first message."""
        return self.one("SELECT * FROM chats WHERE account_id = ? AND person_id = ?", account_id, person_id)

    def chats(self, person_id: str) -> list[Row]:
        return self.run("SELECT * FROM chats WHERE person_id = ? ORDER BY account_id", person_id)

    def change_chat(self, account_id: str, person_id: str, **changes: Any) -> None:
        """Set `blocked` or `inbound_at` (Unix milliseconds of the person's last message)."""
        chat = {"blocked": 0, "inbound_at": None} | (self.chat(account_id, person_id) or {}) | changes
        self.run(
            "INSERT OR REPLACE INTO chats VALUES (?, ?, ?, ?)",
            *(account_id, person_id, int(chat["blocked"]), chat["inbound_at"]),
        )

    # --- messages
    def message(self, message_id: str) -> Row | None:
        row = self.one("SELECT * FROM messages WHERE id = ?", message_id)
        return None if row is None else _flat(row)

    def messages(self, account_id: str, person_id: str) -> list[Row]:
        """Oldest first."""
        rows = self.run(
            "SELECT * FROM messages WHERE account_id = ? AND person_id = ? ORDER BY number", account_id, person_id
        )
        return [_flat(row) for row in rows]

    def messages_having(self, account_id: str, person_id: str, sender: str, statuses: tuple[str, ...]) -> list[Row]:
        """Messages of a chat from `sender` ("me", "account") that have one of `statuses`, oldest first."""
        rows = self.run(
            "SELECT * FROM messages WHERE account_id = ? AND person_id = ? AND json_extract(document, '$.from') = ?"
            " AND json_extract(document, '$.status') IN (SELECT value FROM json_each(?)) ORDER BY number",
            *(account_id, person_id, sender, json.dumps(statuses)),
        )
        return [_flat(row) for row in rows]

    def messages_changed(self, person_id: str, after_revision: int) -> list[Row]:
        rows = self.run(
            "SELECT * FROM messages WHERE person_id = ? AND revision > ? ORDER BY revision", person_id, after_revision
        )
        return [_flat(row) for row in rows]

    def revision(self) -> int:
        row = self.one("SELECT coalesce(max(revision), 0) AS newest FROM messages")
        return int(row["newest"]) if row else 0

    def add_message(self, message_id: str, account_id: str, person_id: str, at: int, document: Row) -> Row:
        (row,) = self.run(
            "INSERT INTO messages (id, account_id, person_id, at, revision, document) VALUES (?, ?, ?, ?, ?, ?) RETURNING *",
            *(message_id, account_id, person_id, at, self.revision() + 1, json.dumps(document)),
        )
        self.run("INSERT OR IGNORE INTO chats (account_id, person_id) VALUES (?, ?)", account_id, person_id)
        return _flat(row)

    def change_message(self, row: Row, **changes: Any) -> Row:
        """Set parts of a message's document, under a new revision; answers it as it is then."""
        document = {k: v for k, v in row.items() if k not in _OF_ROW} | changes
        (changed,) = self.run(
            "UPDATE messages SET document = ?, revision = ? WHERE id = ? RETURNING *",
            *(json.dumps(document), self.revision() + 1, row["id"]),
        )
        return _flat(changed)

    # --- media and templates
    def media(self, media_id: str) -> Row | None:
        return self._document("SELECT document FROM media WHERE id = ?", media_id)

    def save_media(self, media: Row) -> Row:
        self.run("INSERT OR REPLACE INTO media VALUES (?, ?)", media["id"], json.dumps(media))
        return media

    def delete_media(self, media_id: str) -> None:
        self.run("DELETE FROM media WHERE id = ?", media_id)

    def templates(self, waba_id: str) -> list[Row]:
        return self._documents("SELECT document FROM templates WHERE waba_id = ? ORDER BY name, language", waba_id)

    def template(self, waba_id: str, name: str, language: str) -> Row | None:
        return self._document(
            "SELECT document FROM templates WHERE waba_id = ? AND name = ? AND language = ?", waba_id, name, language
        )

    def save_template(self, waba_id: str, template: Row) -> Row:
        self.run(
            "INSERT OR REPLACE INTO templates VALUES (?, ?, ?, ?)",
            *(waba_id, template["name"], template["language"], json.dumps(template)),
        )
        return template

    def delete_template(self, waba_id: str, name: str) -> int:
        return len(self.run("DELETE FROM templates WHERE waba_id = ? AND name = ? RETURNING name", waba_id, name))

    # --- events for webhooks
    def add_event(self, account_id: str, document: Row, due: int, *, copy: bool = False) -> None:
        self.run(
            "INSERT INTO events (account_id, due, copy, document) VALUES (?, ?, ?, ?)",
            *(account_id, due, int(copy), json.dumps(document)),
        )

    def due_events(self, account_id: str, now: int, limit: int) -> list[Row]:
        return self.run(
            "SELECT * FROM events WHERE account_id = ? AND due <= ? ORDER BY due, number LIMIT ?",
            account_id,
            now,
            limit,
        )

    def next_due(self, account_id: str) -> int | None:
        row = self.one("SELECT min(due) AS due FROM events WHERE account_id = ?", account_id)
        return None if row is None else row["due"]

    def event_count(self, account_id: str) -> int:
        row = self.one("SELECT count(*) AS pending FROM events WHERE account_id = ?", account_id)
        return int(row["pending"]) if row else 0

    def put_off(self, event: Row, due: int) -> None:
        self.run("UPDATE events SET due = ?, attempts = attempts + 1 WHERE number = ?", due, event["number"])

    def forget_event(self, event: Row) -> None:
        self.run("DELETE FROM events WHERE number = ?", event["number"])

    def forget_events(self, account_id: str) -> None:
        self.run("DELETE FROM events WHERE account_id = ?", account_id)

    def add_try(self, account_id: str, at: int, outcome: str, body: Row) -> None:
        (row,) = self.run(
            "INSERT INTO tries (account_id, at, outcome, document) VALUES (?, ?, ?, ?) RETURNING number",
            *(account_id, at, outcome, json.dumps(body)),
        )
        self.run("DELETE FROM tries WHERE account_id = ? AND number <= ?", account_id, row["number"] - _TRIES_KEPT)

    def tries(self, account_id: str) -> list[Row]:
        """The last bodies that were tried, newest first: {at, outcome, body}."""
        rows = self.run(
            "SELECT * FROM tries WHERE account_id = ? ORDER BY number DESC LIMIT ?", account_id, _TRIES_KEPT
        )
        return [{"at": row["at"], "outcome": row["outcome"], "body": row["document"]} for row in rows]

    def _document(self, sql: str, *values: Any) -> Row | None:
        row = self.one(sql, *values)
        return None if row is None else row["document"]

    def _documents(self, sql: str, *values: Any) -> list[Row]:
        return [row["document"] for row in self.run(sql, *values)]


_OF_ROW = frozenset({"number", "id", "account_id", "person_id", "at", "revision"})


def _flat(row: Row) -> Row:
    document: Row = row.pop("document")
    return row | document
