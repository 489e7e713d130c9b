"""The tables of the simulator (`local.simulators.sqlite_file` says how they are written)."""

import sqlite3
from contextlib import closing
from pathlib import Path

from local.simulators.sqlite_file import Row, SqliteFile

__all__ = ["Database", "Row"]

_SCHEMA = """
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
    edit_date, reply_to, content, CASE reaction WHEN '' THEN '{}' ELSE json_object(CAST(bot_id AS TEXT), reaction) END, deleted,
    revision FROM first_messages;
DROP TABLE first_messages;
ALTER TABLE bots ADD COLUMN privacy INTEGER NOT NULL DEFAULT 1;
"""


class Database(SqliteFile):
    """The simulator's file, of which an older one is brought to these tables."""

    def __init__(self, path: Path) -> None:
        more = _FROM_FIRST if _set_aside(path) else ""
        super().__init__(path, f"BEGIN; {_SCHEMA} {more} COMMIT;", ("content", "allowed_updates", "reactions", "media"))


def _set_aside(path: Path) -> bool:
    """Whether there are messages in the first tables: under the name first_messages from now on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        if any(column[1] == "person_id" for column in db.execute("PRAGMA table_info(messages)")):
            db.execute("ALTER TABLE messages RENAME TO first_messages")
        return bool(db.execute("PRAGMA table_info(first_messages)").fetchall())
