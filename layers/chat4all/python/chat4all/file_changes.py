"""Telling the conversations in which a file was sent what has become of it: a change of each message, as an edit is."""

from chat4all import applied_changes, file_access
from chat4all.change_entries import write_change
from chat4all.config import Settings
from chat4all.domain.changes import FILE_SETTLED
from chat4all.errors import Unavailable
from chat4all.kafka.publisher import Publisher
from chat4all.stores.files import File
from chat4all.stores.messages import Message

_ATTEMPTS = 5


class FileChanges:
    """Changes messages; who has them is told by `message.updated`, and by a sync where they were away."""

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        self._shards = settings.outbox_shards
        self._publisher = publisher

    def tell(self, file: File) -> None:
        """Have every message with the file show how it stands; those that do already cost a read.

        Raises:
            NotFound: a conversation was deleted a moment ago. Unavailable: not all are told; telling again tells the rest.
        """
        for uses in file_access.uses_of(file.file_id):
            for message in file_access.messages_with(file.file_id, uses):
                self._tell(file, message)

    def _tell(self, file: File, message: Message | None) -> None:
        shown = file_access.facts(file)
        for _ in range(_ATTEMPTS):
            if message is None:
                return
            before = message.files()
            now = [shown if file["file_id"] == shown["file_id"] else file for file in before]
            if now == before:
                return
            by, content = str(message.sender_id), now if len(now) > 1 else shown
            if write_change(self._publisher, self._shards, message, by, FILE_SETTLED, content) is not None:
                return
            message = applied_changes.find(message.conversation_id, int(message.seq))
        raise Unavailable("Others are changing a message with this file. Try again.")
