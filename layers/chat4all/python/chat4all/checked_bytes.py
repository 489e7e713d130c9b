"""The bytes of an upload, read a step at a time: their SHA-256, how many there are, and of what type they are."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from pynamodb.expressions.update import Action

from chat4all.clock import now_ms
from chat4all.domain.file_types import HEAD_BYTES, contradiction, settled_type
from chat4all.domain.media_types import fitting_kind
from chat4all.file_bucket import FileGone
from chat4all.file_check_requests import ASKED_AGAIN_AFTER_MS
from chat4all.file_reading import FileReading, Stored
from chat4all.logs import logger
from chat4all.sha256_state import Sha256
from chat4all.stores.files import VERIFYING, File
from chat4all.stores.table import update_if


@dataclass(frozen=True, slots=True)
class Step:
    """What came out of a step."""

    content_type: str
    kind: str
    is_last: bool = False
    fault: str | None = None
    """Of the last: why the file is refused, a stable word, a colon and a text."""
    sha256: str = ""
    """Of the last, where there is no fault."""


class CheckedBytes:
    """Reads on where the item of a file says that the last step ended."""

    def __init__(self, reading: FileReading, step_bytes: int, step_s: float) -> None:
        self._reading = reading
        self._step_bytes = max(step_bytes, reading.range_bytes)
        self._step_s = step_s

    def advance(self, file: File, has_time: Callable[[], bool]) -> Step:
        """Read the next bytes of `file`, which is being verified: one range, and more as bytes and time of a step allow.

        How far it came is in the item before this returns, unless it came to the end, or another has done the same step.

        Raises:
            Unavailable: the same step must be done again.
        """
        step = Step(file.content_type, file.kind)
        try:
            stored = self._reading.find(file.file_id)
            if stored.size != int(file.size or 0):
                fault = f"size_mismatch: {stored.size} bytes are there, {int(file.size or 0)} were declared"
                return replace(step, is_last=True, fault=fault)
            return self._read(file, stored, step, has_time)
        except FileGone:
            return replace(step, is_last=True, fault="gone: the bytes are not there any more")

    def _read(self, file: File, stored: Stored, step: Step, has_time: Callable[[], bool]) -> Step:
        at, hasher = _begun(file, stored)
        ends_at = time.monotonic() + self._step_s
        for chunk in self._reading.read(stored, at, min(stored.size, at + self._step_bytes)):
            if at == 0:
                step = _typed(step, chunk[:HEAD_BYTES])
                if step.fault is not None:
                    return step
            hasher.update(chunk)
            at += len(chunk)
            if time.monotonic() >= ends_at or not has_time():
                break
        if at < stored.size:
            _note(file, step, at, f"{stored.etag} {hasher.state()}")
            return step
        return _judged(file, replace(step, is_last=True, sha256=hasher.hexdigest()))


def _begun(file: File, stored: Stored) -> tuple[int, Sha256]:
    """Where to go on, and the hash of what is before it: from the beginning where there is no state of this very object."""
    etag, _, state = (file.hash_state or "").partition(" ")
    if etag == stored.etag:
        try:
            return int(file.checked_bytes), Sha256(state)
        except ValueError as error:
            logger.warning("a check begins again", file_id=file.file_id, cause=str(error))
    return 0, Sha256()


def _typed(step: Step, head: bytes) -> Step:
    wrong = contradiction(step.content_type, head)
    if wrong is not None:
        return replace(step, is_last=True, fault=f"content_type_mismatch: {wrong}")
    content_type = settled_type(step.content_type, head)
    return replace(step, content_type=content_type, kind=fitting_kind(step.kind, content_type))


def _note(file: File, step: Step, at: int, state: str) -> None:
    is_same = File.hash_state == file.hash_state if file.hash_state else File.hash_state.does_not_exist()
    changes: list[Action] = [
        File.checked_bytes.set(at),
        File.hash_state.set(state),
        File.content_type.set(step.content_type),
        File.kind.set(step.kind),
        File.sweep_at.set(now_ms() + ASKED_AGAIN_AFTER_MS),
    ]
    update_if(
        file, changes, (File.status == VERIFYING) & is_same, "How far the check came could not be noted. Try again."
    )


def _judged(file: File, step: Step) -> Step:
    if file.declared_sha256 in (None, step.sha256):
        return step
    fault = f"checksum_mismatch: the bytes have the SHA-256 {step.sha256}, {file.declared_sha256} was declared"
    return replace(step, fault=fault)
