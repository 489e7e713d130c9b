"""What `message.status` has told of own messages: by recipient and channel, each only rising."""

import json
import sqlite3
from typing import Any

from chat4all_client.live.frames import Report
from chat4all_client.live.standing import higher

Json = dict[str, Any]


class Reports:
    """The rows, in a transaction that somebody else holds."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, report: Report) -> bool:
        """Keep what is told where it is news; whether it was."""
        key = (report.conversation_id, report.message_id, report.recipient_id, report.channel)
        sql = "SELECT status FROM reports WHERE conversation_id = ? AND message_id = ? AND recipient_id = ? AND channel = ?"
        row = self._connection.execute(sql, key).fetchone()
        before = row[0] if row else None
        status = higher(before, report.status)
        if status == before:
            return False
        self._connection.execute(
            "REPLACE INTO reports VALUES (?,?,?,?,?,?)", (*key, status, json.dumps(report.document))
        )
        return True

    def of(self, conversation_id: str, message_id: str) -> dict[str, dict[str, str]]:
        """{user id: {channel: status}}."""
        sql = "SELECT recipient_id, channel, status FROM reports WHERE conversation_id = ? AND message_id = ?"
        found: dict[str, dict[str, str]] = {}
        for recipient_id, channel, status in self._connection.execute(sql, (conversation_id, message_id)):
            found.setdefault(recipient_id, {})[channel] = status
        return found
