"""Messages with several files on their way to a contact: requests for a connector, and what became of each file."""

import json
from collections.abc import Sequence
from typing import Any

from chat4all.channels.outgoing import OutgoingFile
from chat4all.clock import rfc3339
from chat4all.domain.routes import Route
from chat4all.kafka.record import Record
from chat4all.requested_actions import action_requested
from chat4all.stores.deliveries import Delivery
from chat4all.stores.messages import Message
from tests.contract.telegram_chat import Files


class SharedFiles(Files):
    """A MediaStore in memory, also for connectors."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: dict[str, str] = {}
        """Why, by file id."""

    def outgoing(self, facts: dict[str, Any]) -> OutgoingFile:
        """As the message shows it."""
        file_id = str(facts["file_id"])
        names = (str(facts[name]) for name in ("kind", "filename", "content_type"))
        return OutgoingFile(file_id, *names, int(facts["size"]), self.gone.get(file_id))


def facts_of(file: OutgoingFile) -> dict[str, Any]:
    """As a message shows it."""
    names = ("file_id", "kind", "filename", "content_type", "size")
    return {name: getattr(file, name) for name in names} | {"status": "completed"}


def with_files(said: Message, files: Sequence[OutgoingFile], caption: str = "") -> Message:
    """A message that stands, as one with these files."""
    first, *more = (facts_of(file) for file in files)
    said.update(
        [
            Message.type.set("file"),
            Message.content.set(caption),
            Message.file.set(first),
            *([Message.more_files.set(more)] if more else []),
        ]
    )
    return said


def body_of(said: Message) -> dict[str, Any]:
    """`message` of DeliveryRequested."""
    body = {"type": said.type, "content": said.content, "reply_to": said.reply_to, "file": said.file}
    files = {"files": said.files()} if said.more_files else {}
    return body | files | {"created_at": rfc3339(int(said.created_at))}


def action_record(action: str, said: Message, route: Route, seq: int) -> Record:
    """`chat4all.channel_action.requested.v1` about it."""
    more = {"seq": seq, "sender_id": said.sender_id, "sender_name": None}
    event = action_requested(action, said, route, more)
    document = {"type": event.type, "subject": said.conversation_id, "time": rfc3339(event.time_ms), "data": event.data}
    return Record(f"chat4all.outbound.{route.channel}", 0, 0, said.conversation_id, json.loads(json.dumps(document)))


def fates_of(said: Message) -> list[tuple[str, str | None, str | None]]:
    """(status, file id, word of the reason or note) of each part."""
    found = [d for d in Delivery.query(said.conversation_id, consistent_read=True) if int(d.seq) == int(said.seq)]
    return [(str(d.status), d.file_id, (d.reason or d.note or "").partition(":")[0] or None) for d in found]
