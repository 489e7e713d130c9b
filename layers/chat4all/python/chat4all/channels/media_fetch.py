"""Fetching what contacts sent: from the provider's servers through /tmp into S3, whole and checked, or not at all.

A death at any point leaves a pending file and a record that comes again. What was put into S3 before it is put again: one object
a file. Nothing of a file that fails stays there.
"""

import hashlib
import mimetypes
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from chat4all.channels.channel import Channel, Fetched, Sender, Target
from chat4all.channels.download import too_large
from chat4all.channels.fates import NotSent, Permanent, ThrottledUntil, TryAgain
from chat4all.channels.media import MediaStore
from chat4all.domain.file_types import HEAD_BYTES, settled_type
from chat4all.domain.media_types import UNKNOWN, fitting_kind, media_type
from chat4all.errors import NotFound
from chat4all.file_bucket import FileBucket, object_key
from chat4all.file_changes import FileChanges
from chat4all.file_scan import ANSWERS_WITHIN_S, ScanFailed, Scanned, Scanner
from chat4all.kafka.record import Record
from chat4all.kafka.schemas import MediaRequested
from chat4all.logs import logger
from chat4all.metrics.files import count_completed, count_failed
from chat4all.stores.accounts import Account, find_account
from chat4all.stores.files import COMPLETED, FAILED, PENDING, File, find_file
from chat4all.stores.table import update_if

RESERVE_MS = 15_000
"""Kept of the invocation's time: to put the file into S3 and to tell of it."""
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Bytes:
    """What was fetched."""

    size: int
    sha256: str
    content_type: str


class MediaFetch:
    """Fetches one file after the other."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        bucket: FileBucket,
        media: MediaStore,
        changes: FileChanges,
        most_bytes: int,
        scanner: Scanner | None = None,
    ) -> None:
        self._channels = channels
        self._bucket = bucket
        self._media = media
        self._changes = changes
        self._most_bytes = most_bytes
        self._scanner = scanner
        self._reserve_ms = RESERVE_MS + (1000 * ANSWERS_WITHIN_S if scanner is not None else 0)
        self._senders: dict[str, Sender] = {}

    def fetch(self, record: Record, remaining_ms: Callable[[], int]) -> None:
        """Settle the file that `record` asks for, and tell the conversations in which it stands.

        Raises:
            NotSent: the provider must be asked again later. Unavailable, PynamoDBException: the same for our own stores.
        """
        request = MediaRequested.model_validate(record.event["data"])
        file = find_file(request.file_id)
        if file is not None and file.status == PENDING:
            try:
                self._complete(file, request, remaining_ms)
            except NotSent as error:
                passes = isinstance(error.fate, TryAgain | ThrottledUntil)
                if passes and not record.is_last_try:
                    raise
                reason = f"expired: {error.fate.reason}" if passes else error.fate.reason
                logger.warning("file not fetched", file_id=file.file_id, reason=reason)
                if _settle(file, [File.status.set(FAILED), File.reason.set(reason)]):
                    count_failed()
            file = find_file(request.file_id)
        if file is None or file.status == FAILED:
            # Deleted, or given up: also what another invocation has put there in the meantime.
            self._bucket.delete(request.file_id)
        if file is not None:
            self._tell(file)

    def _tell(self, file: File) -> None:
        try:
            self._changes.tell(file)
        except NotFound:
            logger.info("the conversation of a file is gone", file_id=file.file_id)

    def _complete(self, file: File, request: MediaRequested, remaining_ms: Callable[[], int]) -> None:
        account = find_account(request.account_id, request.channel)
        if account is None:
            raise NotSent(Permanent("account_gone: the account was deleted"))
        with tempfile.TemporaryFile() as kept:  # without a name: nothing of it outlives this process
            found = self._fetched(account, request, kept, remaining_ms)
            kept.seek(0)
            self._bucket.put(file.file_id, kept, size=found.size, sha256=found.sha256, content_type=found.content_type)
        self._scan(file, found)
        came = [
            File.status.set(COMPLETED),
            File.size.set(found.size),
            File.sha256.set(found.sha256),
            File.content_type.set(found.content_type),
            File.kind.set(fitting_kind(file.kind, found.content_type)),
            File.filename.set(_with_extension(file.filename, found.content_type)),
        ]
        if _settle(file, came):
            count_completed(found.size)

    def _scan(self, file: File, found: _Bytes) -> None:
        if self._scanner is None:
            return
        place = self._bucket.name, object_key(file.file_id), file.file_id
        try:
            threat = self._scanner.threat_in(Scanned(*place, found.size, found.content_type, found.sha256))
        except ScanFailed as error:
            raise NotSent(TryAgain(str(error))) from error
        if threat is not None:
            raise NotSent(Permanent(f"infected: {threat}"))

    def _fetched(
        self, account: Account, request: MediaRequested, kept: IO[bytes], remaining_ms: Callable[[], int]
    ) -> _Bytes:
        target = Target(account.id, account.settings, request.address, {}, remaining_ms)
        fetched = self._sender(request.channel).fetch(target, request.media, self._most_bytes)

        def time_left_ms() -> int:
            return remaining_ms() - self._reserve_ms

        try:
            return _read(fetched, request.media, kept, self._most_bytes, time_left_ms)
        finally:
            fetched.close()

    def _sender(self, channel: str) -> Sender:
        if channel not in self._senders:
            self._senders[channel] = self._channels[channel].sender(self._media)
        return self._senders[channel]


def _read(
    fetched: Fetched, said: Mapping[str, Any], kept: IO[bytes], most_bytes: int, time_left_ms: Callable[[], int]
) -> _Bytes:
    """All of it into `kept`, measured and checked against what the provider says of it."""
    if fetched.size is not None and fetched.size > most_bytes:
        raise too_large(most_bytes, fetched.size)
    digest, size, head = hashlib.sha256(), 0, b""
    while chunk := fetched.read(_CHUNK):
        size += len(chunk)
        if size > most_bytes:
            raise too_large(most_bytes)
        if time_left_ms() < 0:
            raise NotSent(TryAgain(f"no_time: the invocation ends after {size} bytes"))
        digest.update(chunk)
        head += chunk[: HEAD_BYTES - len(head)]
        kept.write(chunk)
    if fetched.size is not None and size != fetched.size:
        raise NotSent(TryAgain(f"cut_off: {size} bytes came of {fetched.size}"))
    if size == 0:
        raise NotSent(Permanent("empty: the provider has no bytes of it"))
    if said.get("sha256") not in (None, digest.hexdigest()):
        raise NotSent(TryAgain("corrupt: the SHA-256 is not the one that the provider says"))
    declared = next(
        (t for t in map(media_type, (said.get("content_type"), fetched.content_type)) if t != UNKNOWN), UNKNOWN
    )
    return _Bytes(size, digest.hexdigest(), settled_type(declared, head))


def _with_extension(name: str, content_type: str) -> str:
    """Names that the provider did not give say what they are."""
    return name if "." in name else name + (mimetypes.guess_extension(content_type) or "")


def _settle(file: File, actions: list[Any]) -> bool:
    """Write what became of it; False where another invocation was faster, or its owner has deleted it: that stands."""
    return update_if(file, actions, File.status == PENDING, "What became of the file could not be written down")
