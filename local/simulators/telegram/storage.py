"""What Telegram remembers of bots, people, their private chats, and updates that are still to be delivered."""

import json
from pathlib import Path

from local.simulators.telegram.database import Database, Row
from local.simulators.telegram.file_store import FileStore
from local.simulators.telegram.group_store import GroupStore
from local.simulators.telegram.message_store import MessageStore

__all__ = ["Row", "Storage"]

_FIRST_PERSON = 7_000_000_001


class Storage:
    """The few questions asked of the tables; `messages`, `groups` and `files` have those of their own."""

    def __init__(self, path: Path) -> None:
        self._db = Database(path)
        self.messages = MessageStore(self._db)
        self.groups = GroupStore(self._db)
        self.files = FileStore(self._db, path.parent / "telegram-files")
        self.close = self._db.close
        self.transaction = self._db.transaction
        self.setting = self._db.setting
        self.set_setting = self._db.set_setting

    # --- bots
    def bot(self, bot_id: int) -> Row | None:
        return self._db.one("SELECT * FROM bots WHERE id = ?", bot_id)

    def bots(self) -> list[Row]:
        return self._db.run("SELECT * FROM bots ORDER BY name, id")

    def add_bot(self, bot_id: int, secret: str, name: str, username: str, first_update_id: int) -> None:
        self._db.run(
            "INSERT INTO bots (id, secret, name, username, last_update_id) VALUES (?, ?, ?, ?, ?)",
            *(bot_id, secret, name, username, first_update_id),
        )

    def set_privacy(self, bot_id: int, *, privacy: bool) -> None:
        self._db.run("UPDATE bots SET privacy = ? WHERE id = ?", int(privacy), bot_id)

    def set_secret(self, bot_id: int, secret: str) -> None:
        self._db.run("UPDATE bots SET secret = ? WHERE id = ?", secret, bot_id)

    def set_webhook(self, bot_id: int, url: str, secret: str, allowed_updates: list[str], connections: int) -> None:
        self._db.run(
            "UPDATE bots SET webhook_url = ?, webhook_secret = ?, allowed_updates = ?, max_connections = ?,"
            " last_error_date = NULL, last_error_message = NULL WHERE id = ?",
            *(url, secret, json.dumps(allowed_updates), connections, bot_id),
        )

    def set_allowed_updates(self, bot_id: int, allowed_updates: list[str]) -> None:
        self._db.run("UPDATE bots SET allowed_updates = ? WHERE id = ?", json.dumps(allowed_updates), bot_id)

    def set_webhook_error(self, bot_id: int, date: int, text: str) -> None:
        self._db.run("UPDATE bots SET last_error_date = ?, last_error_message = ? WHERE id = ?", date, text, bot_id)

    # --- people and private chats
    def person(self, person_id: int) -> Row | None:
        return self._db.one("SELECT * FROM people WHERE id = ?", person_id)

    def people(self) -> list[Row]:
        return self._db.run("SELECT * FROM people ORDER BY id")

    def add_person(self, first_name: str, last_name: str, username: str, phone_number: str, language_code: str) -> Row:
        (found,) = self._db.run(
            "INSERT INTO people SELECT coalesce(max(id) + 1, ?), ?, ?, ?, ?, ? FROM people RETURNING *",
            *(_FIRST_PERSON, first_name, last_name, username, phone_number, language_code),
        )
        return found

    def chat(self, bot_id: int, person_id: int) -> Row | None:
        return self._db.one("SELECT * FROM chats WHERE bot_id = ? AND person_id = ?", bot_id, person_id)

    def chats(self, person_id: int) -> list[Row]:
        return self._db.run("SELECT * FROM chats WHERE person_id = ?", person_id)

    def start_chat(self, bot_id: int, person_id: int) -> None:
        self._db.run("INSERT OR IGNORE INTO chats (bot_id, person_id) VALUES (?, ?)", bot_id, person_id)

    def set_blocked(self, bot_id: int, person_id: int, *, blocked: bool) -> None:
        self._db.run("UPDATE chats SET blocked = ? WHERE bot_id = ? AND person_id = ?", int(blocked), bot_id, person_id)

    # --- buttons that were pressed
    def add_callback(self, callback_id: str, bot_id: int, person_id: int, date: int) -> None:
        self._db.run(
            "INSERT INTO callbacks (id, bot_id, person_id, date) VALUES (?, ?, ?, ?)",
            *(callback_id, bot_id, person_id, date),
        )

    def take_callback(self, callback_id: str, bot_id: int, since: int) -> Row | None:
        """The press of a button of that bot not before `since`, if nobody has answered it; it is answered now."""
        found = self._db.run(
            "UPDATE callbacks SET answered = 1 WHERE id = ? AND bot_id = ? AND answered = 0 AND date >= ? RETURNING *",
            *(callback_id, bot_id, since),
        )
        return found[0] if found else None

    # --- updates
    def add_update(self, bot_id: int, kind: str, document: Row) -> None:
        with self.transaction():
            (bot,) = self._db.run(
                "UPDATE bots SET last_update_id = last_update_id + 1 WHERE id = ? RETURNING last_update_id", bot_id
            )
            update_id = bot["last_update_id"]
            update = {"update_id": update_id, kind: document}
            self._db.run("INSERT INTO updates VALUES (?, ?, ?)", bot_id, update_id, json.dumps(update))

    def updates(self, bot_id: int, limit: int) -> list[Row]:
        """The oldest pending updates, as the Update objects themselves."""
        rows = self._db.run("SELECT document FROM updates WHERE bot_id = ? ORDER BY update_id LIMIT ?", bot_id, limit)
        return [json.loads(row["document"]) for row in rows]

    def update_count(self, bot_id: int) -> int:
        row = self._db.one("SELECT count(*) AS pending FROM updates WHERE bot_id = ?", bot_id)
        return int(row["pending"]) if row else 0

    def forget_update(self, bot_id: int, update_id: int) -> None:
        """That one has been taken."""
        self._db.run("DELETE FROM updates WHERE bot_id = ? AND update_id = ?", bot_id, update_id)

    def forget_updates(self, bot_id: int, before: int) -> None:
        """Forget updates with an update_id below `before`."""
        self._db.run("DELETE FROM updates WHERE bot_id = ? AND update_id < ?", bot_id, before)

    def forget_all_but(self, bot_id: int, count: int) -> None:
        """Keep only the `count` newest pending updates."""
        self._db.run(
            "DELETE FROM updates WHERE bot_id = ? AND update_id NOT IN"
            " (SELECT update_id FROM updates WHERE bot_id = ? ORDER BY update_id DESC LIMIT ?)",
            *(bot_id, bot_id, count),
        )
