"""Messages of all chats, and a revision that grows with each change of any of them."""

import json
from typing import Any

from local.simulators.telegram.database import Database, Row


class MessageStore:
    """A chat's id is the person's in a private chat, and negative in a group. `content` is what `content.py` says."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, bot_id: int, chat_id: int, message_id: int) -> Row | None:
        """A message that is not deleted."""
        return self._db.one(
            "SELECT * FROM messages WHERE bot_id = ? AND chat_id = ? AND message_id = ? AND deleted = 0",
            *(bot_id, chat_id, message_id),
        )

    def of_chat(self, bot_id: int, chat_id: int) -> list[Row]:
        return self._db.run(
            "SELECT * FROM messages WHERE bot_id = ? AND chat_id = ? ORDER BY message_id", bot_id, chat_id
        )

    def newest(self, bot_id: int, chat_id: int) -> Row | None:
        return self._db.one(
            "SELECT * FROM messages WHERE bot_id = ? AND chat_id = ? ORDER BY message_id DESC LIMIT 1", bot_id, chat_id
        )

    def changed(self, person_id: int, after_revision: int) -> list[Row]:
        """Messages of a person's chats and groups that have changed since a revision."""
        return self._db.run(
            "SELECT * FROM messages WHERE revision > ? AND (chat_id = ? OR chat_id IN"
            " (SELECT group_id FROM group_members WHERE person_id = ?)) ORDER BY revision",
            *(after_revision, person_id, person_id),
        )

    def revision(self) -> int:
        row = self._db.one("SELECT coalesce(max(revision), 0) AS newest FROM messages")
        return int(row["newest"]) if row else 0

    def add(
        self, bot_id: int, chat_id: int, content: Row, *, sender_id: int, date: int, reply_to: int | None = None
    ) -> Row:
        """A new message. Its message_id is the next of the bot, or in a supergroup the next of the group."""
        with self._db.transaction():
            (found,) = self._db.run(
                "INSERT INTO messages (bot_id, chat_id, message_id, sender_id, date, reply_to, content, revision)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                *(bot_id, chat_id, self._next_id(bot_id, chat_id), sender_id, date, reply_to),
                *(json.dumps(content), self.revision() + 1),
            )
        return found

    def change(self, row: Row, **changes: Any) -> Row:
        """Set columns of a message, under a new revision; answers it as it is then."""
        values = row | changes | {"revision": self.revision() + 1}
        self._db.run(
            "UPDATE messages SET content = ?, edit_date = ?, reactions = ?, deleted = ?, revision = ?"
            " WHERE bot_id = ? AND chat_id = ? AND message_id = ?",
            *(json.dumps(values["content"]), values["edit_date"], json.dumps(values["reactions"]), values["deleted"]),
            *(values["revision"], row["bot_id"], row["chat_id"], row["message_id"]),
        )
        return values

    def _next_id(self, bot_id: int, chat_id: int) -> int:
        own = self._db.run(
            "UPDATE groups SET last_message_id = last_message_id + 1 WHERE id = ? AND type = 'supergroup'"
            " RETURNING last_message_id",
            chat_id,
        )
        shared = own or self._db.run(
            "UPDATE bots SET last_message_id = last_message_id + 1 WHERE id = ? RETURNING last_message_id", bot_id
        )
        return int(shared[0]["last_message_id"])
