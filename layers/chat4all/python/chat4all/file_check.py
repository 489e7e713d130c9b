"""Verification of uploads whose bytes are all in S3: what they are, against what their owner says."""

import hashlib
from collections.abc import Callable

from chat4all.domain.file_types import HEAD_BYTES, contradiction, settled_type
from chat4all.domain.media_types import fitting_kind
from chat4all.errors import NotFound
from chat4all.file_bucket import FileBucket
from chat4all.file_changes import FileChanges
from chat4all.kafka.record import Record
from chat4all.stores.file_writes import settle
from chat4all.stores.files import COMPLETED, FAILED, VERIFYING, File, find_file

_CHUNK = 1024 * 1024


def file_of(record: Record) -> str:
    """Each file is a lane of its own: one that has to wait holds back no other."""
    return str(record.event["data"]["file_id"])


class FileCheck:
    """Checks one file after the other."""

    def __init__(self, bucket: FileBucket, changes: FileChanges) -> None:
        self._bucket = bucket
        self._changes = changes

    def check(self, record: Record, _remaining_ms: Callable[[], int]) -> None:
        """Settle the upload that `record` names, and tell the conversations in which it stands; the same again does no harm.

        Raises:
            Unavailable, PynamoDBException: try again.
        """
        file_id = file_of(record)
        file = find_file(file_id)
        if file is not None and file.status == VERIFYING:
            self._settle(file)
            file = find_file(file_id)
        if file is None or file.status == FAILED:
            self._bucket.delete(file_id)
        if file is not None:
            try:
                self._changes.tell(file)
            except NotFound:
                return  # the conversation was deleted a moment ago

    def _settle(self, file: File) -> None:
        digest, head, body = hashlib.sha256(), b"", self._bucket.open(file.file_id)
        while chunk := body.read(_CHUNK):
            digest.update(chunk)
            head += chunk[: HEAD_BYTES - len(head)]
        found, wrong = digest.hexdigest(), contradiction(file.content_type, head)
        if file.declared_sha256 not in (None, found):
            wrong = f"checksum_mismatch: the bytes have {found}"
        elif wrong is not None:
            wrong = f"content_type_mismatch: {wrong}"
        if wrong is not None:
            settle(file, [File.status.set(FAILED), File.reason.set(wrong)], gives_back=True)
            return
        content_type = settled_type(file.content_type, head)
        actions = [File.status.set(COMPLETED), File.sha256.set(found), File.content_type.set(content_type)]
        settle(file, [*actions, File.kind.set(fitting_kind(file.kind, content_type))], gives_back=False)
