"""Files: what is known of each, and the messages in which it was sent. Their bytes are in S3 (chat4all.file_bucket)."""

from typing import Any, ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chat4all.stores.table import Connection, Table

PENDING, VERIFYING, COMPLETED, FAILED = "pending", "verifying", "completed", "failed"
SHARDS = 4
"""Partitions of the index of unfinished files: 4,000 of them may begin a second."""


class Unfinished(GlobalSecondaryIndex["File"]):
    """Sparse: what its owner has begun and nobody has finished, by the time at which uploads_sweeper looks at it."""

    class Meta:
        index_name = "unfinished"
        projection = KeysOnlyProjection()

    unfinished_shard = UnicodeAttribute(hash_key=True)
    sweep_at = NumberAttribute(range_key=True)


class Reviews(GlobalSecondaryIndex["File"]):
    """Files by the time at which it is looked at whether anybody needs them."""

    class Meta:
        index_name = "reviews"
        projection = KeysOnlyProjection()

    review_shard = UnicodeAttribute(hash_key=True)
    review_at = NumberAttribute(range_key=True)


class FilesByOwner(GlobalSecondaryIndex["File"]):
    """Files of a user, in the order in which they were begun (keys only)."""

    class Meta:
        index_name = "by_owner"
        projection = KeysOnlyProjection()

    owner_id = UnicodeAttribute(hash_key=True)
    file_id = UnicodeAttribute(range_key=True)


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
    """In hex: what the bytes have, once they have been checked."""
    declared_sha256 = UnicodeAttribute(null=True)
    """In hex: what the owner of an upload says that they have."""
    status = UnicodeAttribute()
    """pending; verifying: an upload whose bytes are all there and being checked; completed or failed."""
    reason = UnicodeAttribute(null=True)
    """Of failed: a stable word, a colon and a text."""
    created_at = NumberAttribute()
    share_token = UnicodeAttribute(null=True)
    """What opens the file to whoever has the link that a channel's text carries."""
    width = NumberAttribute(null=True)
    height = NumberAttribute(null=True)
    """Pixels of an image as it is seen; None until file_previews has measured it."""
    thumbnail_type = UnicodeAttribute(null=True)
    """Content type of its thumbnail; None: it has none."""
    leaving = UnicodeAttribute(null=True)
    """Why it is being removed (chat4all.file_removal): from then on nobody finds it."""
    unused_since = NumberAttribute(null=True)
    """When it was first found to stand in no message; None: it stood in one when that was last looked at."""
    review_shard = UnicodeAttribute(null=True)
    review_at = NumberAttribute(null=True)
    """When it is next looked at whether anybody needs it, milliseconds since 1970 (chat4all.file_reviews)."""

    upload_id = UnicodeAttribute(null=True)
    """Of an upload in parts: S3's name of it. It stays when the upload is over."""
    fingerprint = UnicodeAttribute(null=True)
    """Of what the owner asked for when they began the upload: the same Idempotency-Key with other words is refused."""
    part_size = NumberAttribute(null=True)
    """Bytes of each part but the last."""
    part_count = NumberAttribute(null=True)
    """Only uploads in parts have it."""
    part_checksum = UnicodeAttribute(null=True)
    """sha256 where every part comes with its SHA-256, which S3 checks; None: no part does (S3 takes no mixture)."""
    upload_expires_at = NumberAttribute(null=True)
    """Milliseconds since 1970: when an upload that is not completed is given up."""
    checked_bytes = NumberAttribute(null=True)
    """Of one that is being verified: so many bytes from its beginning have been read."""
    hash_state = UnicodeAttribute(null=True)
    """ETag of the object that was read, a space, and the state of the SHA-256 of those bytes (chat4all.sha256_state)."""
    counted_bytes = NumberAttribute(null=True)
    """What its owner's quota counts for it (stores.file_quotas); None: nothing."""
    unfinished_shard = UnicodeAttribute(null=True)
    sweep_at = NumberAttribute(null=True)
    """Milliseconds since 1970; both are gone when the file is completed or failed."""

    by_owner = FilesByOwner()
    unfinished = Unfinished()
    reviews = Reviews()


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


def due_for_review(file_id: str, at: int) -> dict[str, Any]:
    """Attributes of a new file that is to be looked at then (chat4all.file_reviews)."""
    return {"review_shard": shard_of(file_id), "review_at": at}


def shard_of(file_id: str) -> str:
    """Partition of the indexes of files that are looked at again."""
    return str(int(file_id[-2:], 16) % SHARDS)


def find_file(file_id: str) -> File | None:
    """The file's item; None also where it is being removed."""
    file = stored_file(file_id)
    return None if file is None or file.leaving else file


def stored_file(file_id: str) -> File | None:
    """The file's item as it is stored, for those who remove files."""
    try:
        return File.get(file_id, consistent_read=True)
    except File.DoesNotExist:
        return None
