"""What the user has said and the server has not confirmed yet: kept before the first try, until it is held as a message."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from chat4all_client.live.standing import ACCEPTED, FAILED, SENDING

Json = dict[str, Any]
_COLUMNS = "message_id, conversation_id, body, created_at, state, seq, why"


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message on its way. `body` is that of POST /v1/messages, with the `message_id` that every try has."""

    message_id: str
    conversation_id: str
    body: Json
    created_at: str
    state: str
    """`sending`, `accepted` (answered, with `seq`), or `failed` (refused for good, `why`)."""
    seq: int | None = None
    why: Json | None = None

    def document(self, sender_id: str) -> Json:
        """As a message is shown, with `local`, and `why` of one that failed."""
        content: Json = {
            name: self.body[name]
            for name in ("type", "content", "file_ids", "reply_to", "metadata")
            if name in self.body
        }
        document: Json = {
            "message_id": self.message_id,
            "conversation_id": self.conversation_id,
            "sender_id": sender_id,
        }
        document |= {"channel": "in_app", **content, "reactions": {}, "created_at": self.created_at}
        if self.state == ACCEPTED:
            return document | {"seq": self.seq, "status": ACCEPTED}
        return document | {"local": self.state} | ({"why": self.why} if self.why else {})


class Outbox:
    """The rows, in a transaction that somebody else holds; of each conversation in the order in which they are sent."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, unsent: Unsent) -> None:
        """Keep it, behind what is waiting; raises ValueError where the id is taken."""
        body = json.dumps(unsent.body)
        values = (unsent.message_id, unsent.conversation_id, body, unsent.created_at, unsent.state)
        sql = "INSERT INTO outbox (message_id, conversation_id, body, created_at, state) VALUES (?,?,?,?,?)"
        try:
            self._connection.execute(sql, values)
        except sqlite3.IntegrityError as error:
            raise ValueError(f"message_id {unsent.message_id} is being sent already") from error

    def next(self, conversation_id: str) -> Unsent | None:
        """What is to be sent next in a conversation."""
        found = self._select("conversation_id = ? AND state = ?", conversation_id, SENDING)
        return found[0] if found else None

    def waiting(self) -> list[str]:
        """Conversations in which something is to be sent, the one that waits longest first."""
        sql = "SELECT conversation_id FROM outbox WHERE state = ? GROUP BY conversation_id ORDER BY min(position)"
        return [row[0] for row in self._connection.execute(sql, (SENDING,))]

    def of(self, conversation_id: str) -> list[Unsent]:
        """All of a conversation, in order."""
        return self._select("conversation_id = ?", conversation_id)

    def all(self) -> list[Unsent]:
        """All there are."""
        return self._select("1 = 1")

    def get(self, message_id: str) -> Unsent | None:
        """The one with this id."""
        found = self._select("message_id = ?", message_id)
        return found[0] if found else None

    def accepted(self, message_id: str, seq: int, created_at: str) -> None:
        """It was answered: from now on it waits for its message to come."""
        sql = "UPDATE outbox SET state = ?, seq = ?, created_at = ?, why = NULL WHERE message_id = ?"
        self._connection.execute(sql, (ACCEPTED, seq, created_at, message_id))

    def failed(self, message_id: str, why: Json) -> None:
        """It was refused for good."""
        self._connection.execute(
            "UPDATE outbox SET state = ?, why = ? WHERE message_id = ?", (FAILED, json.dumps(why), message_id)
        )

    def remove(self, message_id: str) -> bool:
        """It is held as a message, or given up; whether it was there."""
        return self._connection.execute("DELETE FROM outbox WHERE message_id = ?", (message_id,)).rowcount > 0

    def _select(self, where: str, *values: Any) -> list[Unsent]:
        sql = f"SELECT {_COLUMNS} FROM outbox WHERE {where} ORDER BY position"  # noqa: S608
        rows = self._connection.execute(sql, values).fetchall()
        return [_unsent(*row) for row in rows]


def _unsent(
    message_id: str, conversation_id: str, body: str, created_at: str, state: str, seq: int | None, why: str | None
) -> Unsent:
    return Unsent(
        message_id, conversation_id, json.loads(body), created_at, state, seq, json.loads(why) if why else None
    )
