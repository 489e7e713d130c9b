"""Files: what is known of each, and the messages in which it was sent. Their bytes are in S3 (chat4all.file_bucket)."""

from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table

PENDING, COMPLETED, FAILED = "pending", "completed", "failed"


class File(Table):
    """One file. It is written before its bytes are there, so that nothing lies in S3 that no item names."""

    noun: ClassVar[str] = "files"

    class Meta(Connection):
        pass

    file_id = UnicodeAttribute(hash_key=True)
    owner_id = UnicodeAttribute()
    filename = UnicodeAttribute()
    """As people see it (domain.file_names)."""
    content_type = UnicodeAttribute()
    kind = UnicodeAttribute()
    """image, video, audio, voice, document, sticker or animation."""
    size = NumberAttribute(null=True)
    """Bytes; of a pending one as somebody said, or None."""
    sha256 = UnicodeAttribute(null=True)
    """In hex."""
    status = UnicodeAttribute()
    """pending, completed or failed."""
    reason = UnicodeAttribute(null=True)
    """Of failed: a stable word, a colon and a text."""
    created_at = NumberAttribute()
    share_token = UnicodeAttribute(null=True)
    """What opens the file to whoever has the link that a channel's text carries."""


class FileUse(Table):
    """A message in which a file was sent: written before the message, so it may name one that never came."""

    noun: ClassVar[str] = "file-uses"

    class Meta(Connection):
        pass

    file_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    """`<conversation id>#<seq, 12 digits>`."""
    conversation_id = UnicodeAttribute()
    seq = NumberAttribute()


def place_of(conversation_id: str, seq: int) -> str:
    """Range key of a use."""
    return f"{conversation_id}#{seq:012d}"


def find_file(file_id: str) -> File | None:
    """The file's item."""
    try:
        return File.get(file_id, consistent_read=True)
    except File.DoesNotExist:
        return None
