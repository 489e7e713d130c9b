"""Verification of uploads whose bytes are all in S3: what they are, against what their owner says (docs/decisions/0028).

A file is read from front to back in steps, one for each record: what has been read and the state of its SHA-256 are written into
its item, and the next record is a wake-up that goes on there. So a record that comes twice, a death at any point, or a second
request for the same file costs a step at most. Of a file that fails nothing is kept but its item, which says why.
"""

from collections.abc import Callable

from chat4all.checked_bytes import CheckedBytes, Step
from chat4all.errors import NotFound, Unavailable
from chat4all.file_bucket import FileBucket, object_key
from chat4all.file_changes import FileChanges
from chat4all.file_check_requests import file_check_requested
from chat4all.file_lanes import file_of
from chat4all.file_scan import ANSWERS_WITHIN_S, ScanFailed, Scanned, Scanner
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.record import Record
from chat4all.logs import logger
from chat4all.metrics.files import count_completed, count_failed
from chat4all.stores.file_writes import settle
from chat4all.stores.files import COMPLETED, FAILED, VERIFYING, File, find_file

RESERVE_MS = 1000 * ANSWERS_WITHIN_S + 5_000
"""Kept of the invocation's time: for the scan, and for writing and telling what came out."""


class FileCheck:
    """Takes one file a step further after the other."""

    def __init__(
        self,
        checked: CheckedBytes,
        bucket: FileBucket,
        changes: FileChanges,
        publisher: Publisher,
        scanner: Scanner | None,
    ) -> None:
        self._checked = checked
        self._bucket = bucket
        self._changes = changes
        self._publisher = publisher
        self._scanner = scanner

    def check(self, record: Record, remaining_ms: Callable[[], int]) -> None:
        """Read on in the upload that `record` names; at its end settle it, and tell the conversations in which it stands.

        Raises:
            ScanFailed, PublishFailed, Unavailable, PynamoDBException: try again.
        """
        file_id = file_of(record)
        file = find_file(file_id)
        if file is not None and file.status == VERIFYING:
            step = self._checked.advance(file, lambda: remaining_ms() > RESERVE_MS)
            if not step.is_last:
                self._publisher.publish([file_check_requested(file_id)])
                return
            self._settle(file, step, is_last_try=record.is_last_try)
            file = find_file(file_id)
            if file is not None and file.status == VERIFYING:
                raise Unavailable("The item of the file was changed at this moment. Try again.")
        if file is None or file.status == FAILED:
            # Deleted, or refused: also what a death has left.
            self._bucket.delete(file_id)
        if file is not None:
            self._tell(file)

    def _settle(self, file: File, step: Step, *, is_last_try: bool) -> None:
        reason = step.fault or self._threat(file, step, is_last_try=is_last_try)
        forgotten = [File.checked_bytes.remove(), File.hash_state.remove()]
        if reason is None:
            found = [File.sha256.set(step.sha256), File.content_type.set(step.content_type), File.kind.set(step.kind)]
            if settle(file, [File.status.set(COMPLETED), *found, *forgotten], gives_back=False):
                count_completed(int(file.size or 0))
        else:
            logger.warning("file refused", file_id=file.file_id, reason=reason)
            if settle(file, [File.status.set(FAILED), File.reason.set(reason), *forgotten], gives_back=True):
                count_failed()

    def _threat(self, file: File, step: Step, *, is_last_try: bool) -> str | None:
        """Why the scan refuses it; also where no scan has come about in all its tries."""
        if self._scanner is None:
            return None
        place = self._bucket.name, object_key(file.file_id), file.file_id
        subject = Scanned(*place, int(file.size or 0), step.content_type, step.sha256)
        try:
            threat = self._scanner.threat_in(subject)
        except ScanFailed as error:
            if not is_last_try:
                raise
            return f"expired: {error}"
        return None if threat is None else f"infected: {threat}"

    def _tell(self, file: File) -> None:
        try:
            self._changes.tell(file)
        except NotFound:
            logger.info("the conversation of a file is gone", file_id=file.file_id)
