"""Rows of the store, read and written in a transaction that somebody else holds."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from chat4all_client.live.conversation import Conversation, Unread
from chat4all_client.live.numbers import Numbers

Json = dict[str, Any]
_COLUMNS = "id, document, through, beyond, loaded_from, members, read_seq, read_told, delivered_told, unread, is_stale"
_OF_CONVERSATION = ("messages", "early_reactions", "partial", "reports", "conversations")


class Held:
    """What is held, by an open connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def conversation(self, conversation_id: str) -> Conversation | None:
        """None: it is not held."""
        row = self._one(f"SELECT {_COLUMNS} FROM conversations WHERE id = ?", conversation_id)  # noqa: S608
        return _conversation(row) if row else None

    def conversations(self) -> list[Conversation]:
        """All of them, in no order."""
        return [_conversation(row) for row in self._connection.execute(f"SELECT {_COLUMNS} FROM conversations")]  # noqa: S608

    def positions(self) -> dict[str, int]:
        """{conversation id: through}."""
        return dict(self._connection.execute("SELECT id, through FROM conversations ORDER BY id").fetchall())

    def with_holes(self) -> list[str]:
        """Conversations of which something beyond a hole is held."""
        return [
            row[0] for row in self._connection.execute("SELECT id FROM conversations WHERE beyond != '[]' ORDER BY id")
        ]

    def put(self, held: Conversation) -> None:
        """Keep a conversation as it is now."""
        unread = [held.unread.count, held.unread.read_seq, held.unread.last_seq]
        row = (
            held.id,
            _text(held.document),
            held.numbers.through,
            _text(held.numbers.beyond),
            held.loaded_from,
            _text(held.members),
            held.read_seq,
            held.read_told,
            held.delivered_told,
            _text(unread),
            int(held.is_stale),
        )
        self._connection.execute(f"REPLACE INTO conversations ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", row)  # noqa: S608

    def remove(self, conversation_id: str) -> None:
        """Forget a conversation with its messages; what is unsent is kept."""
        for table in _OF_CONVERSATION:
            column = "id" if table == "conversations" else "conversation_id"
            self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (conversation_id,))  # noqa: S608

    def at(self, conversation_id: str, seq: int) -> Json | None:
        """The message with this number."""
        row = self._one("SELECT document FROM messages WHERE conversation_id = ? AND seq = ?", conversation_id, seq)
        return json.loads(row[0]) if row else None

    def found(self, conversation_id: str, message_id: str) -> Json | None:
        """The message with this id."""
        row = self._one(
            "SELECT document FROM messages WHERE message_id = ? AND conversation_id = ? ORDER BY seq",
            message_id,
            conversation_id,
        )
        return json.loads(row[0]) if row else None

    def put_message(self, message: Json) -> None:
        """Keep a message as it is now."""
        row = (message["conversation_id"], message["seq"], message["message_id"], message["sender_id"], _text(message))
        self._connection.execute("REPLACE INTO messages VALUES (?,?,?,?,?)", row)

    def early_reactions(self, conversation_id: str, message_id: str) -> Json | None:
        """Reactions to a message that is not held, told before it or about one from before `loaded_from`."""
        sql = "SELECT document FROM early_reactions WHERE conversation_id = ? AND message_id = ?"
        row = self._one(sql, conversation_id, message_id)
        return json.loads(row[0]) if row else None

    def put_early_reactions(self, conversation_id: str, reactions: Json) -> None:
        """Keep them until the message comes."""
        row = (conversation_id, reactions["message_id"], _text(reactions))
        self._connection.execute("REPLACE INTO early_reactions VALUES (?,?,?)", row)

    def drop_early_reactions(self, conversation_id: str, message_id: str) -> None:
        """The message is here and has them."""
        sql = "DELETE FROM early_reactions WHERE conversation_id = ? AND message_id = ?"
        self._connection.execute(sql, (conversation_id, message_id))

    def put_partial(self, conversation_id: str, message_id: str) -> None:
        """A message that was told of, and has to be read."""
        self._connection.execute("REPLACE INTO partial VALUES (?,?)", (conversation_id, message_id))

    def drop_partial(self, conversation_id: str, message_id: str) -> None:
        """It was read, or is there no more."""
        sql = "DELETE FROM partial WHERE conversation_id = ? AND message_id = ?"
        self._connection.execute(sql, (conversation_id, message_id))

    def partial(self) -> list[tuple[str, str]]:
        """(conversation id, message id) of all that have to be read."""
        return self._connection.execute("SELECT conversation_id, message_id FROM partial").fetchall()

    def messages(self, conversation_id: str, since: int, before: int | None, limit: int) -> list[Json]:
        """Those with numbers in [since, before), at most the `limit` newest of them, oldest first."""
        sql = (
            "SELECT document FROM messages WHERE conversation_id = ? AND seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ?"
        )
        rows = self._connection.execute(sql, (conversation_id, since, before or 2**62, limit)).fetchall()
        return [json.loads(text) for (text,) in reversed(rows)]

    def others_behind(self, conversation_id: str, user_id: str, seq: int, limit: int) -> int:
        """How many messages of others are held behind `seq`, counted up to `limit`."""
        sql = "SELECT 1 FROM messages WHERE conversation_id = ? AND seq > ? AND sender_id != ? LIMIT ?"
        return len(self._connection.execute(sql, (conversation_id, seq, user_id, limit)).fetchall())

    def last_of_others(self, conversation_id: str, user_id: str, since: int, through: int) -> int:
        """Number of the last message of others in [since, through]; 0: there is none."""
        where = "conversation_id = ? AND seq BETWEEN ? AND ? AND sender_id != ?"
        sql = f"SELECT seq FROM messages WHERE {where} ORDER BY seq DESC LIMIT 1"  # noqa: S608
        row = self._one(sql, conversation_id, since, through, user_id)
        return int(row[0]) if row else 0

    def fact(self, name: str) -> str | None:
        """Something that was kept by name, such as `user_id`."""
        row = self._one("SELECT value FROM facts WHERE name = ?", name)
        return str(row[0]) if row else None

    def put_fact(self, name: str, value: str) -> None:
        """Keep it."""
        self._connection.execute("REPLACE INTO facts VALUES (?,?)", (name, value))

    def users(self, user_ids: Iterable[str]) -> dict[str, Json]:
        """Those that are known of these users."""
        wanted = list(user_ids)
        marks = ",".join("?" * len(wanted))
        rows = self._connection.execute(f"SELECT id, document FROM users WHERE id IN ({marks})", wanted)  # noqa: S608
        return {user_id: json.loads(text) for user_id, text in rows}

    def put_users(self, users: Iterable[Json]) -> None:
        """Keep them."""
        self._connection.executemany("REPLACE INTO users VALUES (?,?)", [(user["id"], _text(user)) for user in users])

    def count_unknown(self, kind: str, text: str) -> None:
        """A frame that nobody understands: its kind is counted, and the last one kept."""
        sql = "INSERT INTO unknown VALUES (?,1,?) ON CONFLICT (kind) DO UPDATE SET count = count + 1, last = excluded.last"
        self._connection.execute(sql, (kind, text))

    def unknown(self) -> dict[str, int]:
        """How many frames of each kind were not understood."""
        return dict(self._connection.execute("SELECT kind, count FROM unknown").fetchall())

    def _one(self, sql: str, *values: Any) -> Any:
        return self._connection.execute(sql, values).fetchone()


def _conversation(row: Any) -> Conversation:
    return Conversation(
        id=row[0],
        document=json.loads(row[1]),
        numbers=Numbers(row[2], tuple(json.loads(row[3]))),
        loaded_from=row[4],
        members=json.loads(row[5]),
        read_seq=row[6],
        read_told=row[7],
        delivered_told=row[8],
        unread=Unread(*json.loads(row[9])),
        is_stale=bool(row[10]),
    )


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
