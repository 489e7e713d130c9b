"""What a user's files take: one item a user, changed in one transaction with the file that changes it."""

from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class FileQuota(Table):
    """Exact, because no file is counted or given back but with its own item."""

    noun: ClassVar[str] = "file-quotas"

    class Meta(Connection):
        pass

    user_id = UnicodeAttribute(hash_key=True)
    total_bytes = NumberAttribute(null=True)
    """Sum of `counted_bytes` of the user's files."""
    uploads = NumberAttribute(null=True)
    """Uploads in parts that are neither completed nor failed."""


def find_quota(user_id: str) -> FileQuota:
    """As it stands; one of nothing where nothing was ever counted."""
    try:
        return FileQuota.get(user_id, consistent_read=True)
    except FileQuota.DoesNotExist:
        return FileQuota(user_id, total_bytes=0, uploads=0)
