"""Uploads whose parts have been put together, and their verification, record by record and in small steps."""

import hashlib
import uuid
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from chat4all.bootstrap import App
from chat4all.checked_bytes import CheckedBytes
from chat4all.clock import now_ms
from chat4all.file_bucket import FileBucket
from chat4all.file_changes import FileChanges
from chat4all.file_check import FileCheck
from chat4all.file_check_requests import file_check_requested
from chat4all.file_reading import FileReading
from chat4all.file_scan import Scanned, Scanner
from chat4all.kafka.events import Event, decode, encode
from chat4all.kafka.record import Record
from chat4all.stores.file_quotas import find_quota
from chat4all.stores.file_writes import count_file
from chat4all.stores.files import VERIFYING, File, find_file, shard_of
from tests.contract.messaging import Messaging, new_user

RANGE, STEP = 64 * 1024, 128 * 1024


def text_of(size: int) -> bytes:
    """Bytes that differ everywhere and are of no known type."""
    return b"".join(b"%015d\n" % number for number in range(size // 16 + 1))[:size]


@dataclass
class FixedScanner:
    """Judges as it is told, and keeps what it was asked."""

    answer: str | Exception | None = None
    asked: list[Scanned] = field(default_factory=list)

    def threat_in(self, subject: Scanned) -> str | None:
        self.asked.append(subject)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class CheckWorld:
    """One deployment whose steps read two ranges of 64 KiB."""

    app: App
    bucket: FileBucket
    messaging: Messaging = field(default_factory=Messaging)
    scanner: Scanner | None = None
    step_bytes: int = STEP

    def __post_init__(self) -> None:
        self.app.__dict__["file_bucket"] = self.bucket
        self.app.file_check  # noqa: B018 - binds its tables
        self.changes = FileChanges(self.messaging.settings, self.messaging.publisher)

    @property
    def check(self) -> FileCheck:
        """As a new environment has it."""
        checked = CheckedBytes(FileReading(self.bucket, RANGE), self.step_bytes, 60.0)
        return FileCheck(checked, self.bucket, self.changes, self.messaging.publisher, self.scanner)

    def put_together(self, body: bytes, **said: Any) -> File:
        """A file whose upload has just been completed."""
        file_id = str(uuid.uuid4())
        facts: dict[str, Any] = {
            "owner_id": new_user(),
            "filename": "a.bin",
            "content_type": "application/octet-stream",
            "kind": "document",
            "size": len(body),
        }
        begun = {"part_size": 5 * 2**20, "part_count": 1, "counted_bytes": len(body)}
        waiting = {"status": VERIFYING, "unfinished_shard": shard_of(file_id), "sweep_at": now_ms()}
        file = File(file_id, created_at=now_ms(), **{**facts, **begun, **waiting, **said})
        assert count_file(file, 10**12, 10)
        self.put(file, body)
        return file

    def put(self, file: File, body: bytes) -> None:
        """These bytes under the file's key."""
        sha256 = hashlib.sha256(body).hexdigest()
        self.bucket.put(file.file_id, BytesIO(body), size=len(body), sha256=sha256, content_type="a/b")

    def take(self, event: Event, *, is_last_try: bool = False, remaining_ms: int = 60_000) -> list[Event]:
        """One record in; what is published."""
        document = decode(str(event.topic), encode(event))
        record = Record(str(event.topic), 0, 0, event.conversation_id, document, is_last_try=is_last_try)
        self.check.check(record, lambda: remaining_ms)
        return self.messaging.publisher.take()

    def run(self, file: File, **more: Any) -> int:
        """Record after record until none follows; how many there were."""
        waiting, count = [file_check_requested(file.file_id)], 0
        while waiting:
            waiting += self.take(waiting.pop(0), **more)
            count += 1
            assert count < 100
        return count

    def counted(self, owner: str) -> tuple[int, int]:
        """(bytes, unfinished uploads) of the owner's quota."""
        quota = find_quota(owner)
        return int(quota.total_bytes or 0), int(quota.uploads or 0)


def standing(file: File) -> File:
    """As it is stored now."""
    found = find_file(file.file_id)
    assert found is not None
    return found
