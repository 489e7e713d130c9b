"""Files of users: small ones are taken here, and every one is shown and deleted. Downloads: chat4all.downloads."""

import hashlib
import hmac
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from chat4all import admission, file_access
from chat4all.clock import now_ms, rfc3339
from chat4all.config import Settings
from chat4all.domain.file_life import OWNER, first_look
from chat4all.domain.file_names import display_name
from chat4all.domain.file_types import HEAD_BYTES, contradiction, settled_type
from chat4all.domain.fingerprint import fingerprint
from chat4all.domain.media_types import KINDS, fitting_kind, kind_of, media_type
from chat4all.errors import Forbidden, Invalid, TooLarge
from chat4all.file_bucket import FileBucket
from chat4all.file_removal import FileRemoval
from chat4all.ids import derived_id, new_id
from chat4all.metrics.files import count_completed
from chat4all.new_files import begun
from chat4all.rate_limits import RateLimiter
from chat4all.stores.file_writes import FINISHED
from chat4all.stores.files import COMPLETED, PENDING, VERIFYING, File, due_for_review, find_file, shard_of
from chat4all.stores.table import update_if
from chat4all.upload_completion import UploadCompletion
from chat4all.uploads import Uploads

SMALL_FILE_MAX = 4 * 1024 * 1024
"""Bytes. What a function is called with has at most 6 MB (Lambda quotas, "Invocation payload"), in which a binary body stands in
base64, a third longer (API Gateway, payload format 2.0)."""

_GIVEN_UP_AFTER_MS = 3_600_000
"""Then uploads_sweeper removes an upload in one request, which takes seconds: its caller died in the middle."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """Command: keep these bytes."""

    owner_id: str
    filename: str | None
    content_type: str | None
    body: bytes
    kind: str | None = None
    sha256: str | None = None
    """In hex, as the owner says."""
    key: str | None = None
    """Idempotency-Key: the same again is the same file."""


class Files:
    """For owners and readers; who may not read a file learns nothing (404)."""

    def __init__(
        self,
        settings: Settings,
        bucket: FileBucket,
        uploads: Uploads,
        removal: FileRemoval,
        limiter: RateLimiter,
        completion: UploadCompletion | None,
    ) -> None:
        """`completion`: of a deployment whose files are scanned (chat4all.file_scan)."""
        self._settings = settings
        self._bucket = bucket
        self._uploads = uploads
        self._removal = removal
        self._limiter = limiter
        self._completion = completion

    def create(self, command: NewFile) -> dict[str, Any]:
        """Keep a small file.

        Raises:
            TooLarge, RateLimited, Unavailable.
            Invalid: no bytes; other bytes than `sha256` says; bytes that are not of the type that is said.
            Conflict: `idempotency_key_reused`: for another file.
        """
        content_type, digest = _checked(command)
        limit = f"file:{command.owner_id}"
        self._limiter.take(limit, self._settings.sends_per_second, self._settings.send_burst)
        admission.commit()
        file = begun(_new(command, content_type, digest), self._settings)
        if file.status == PENDING:
            body = BytesIO(command.body)
            self._bucket.put(file.file_id, body, size=len(command.body), sha256=digest, content_type=content_type)
            file = self._released(file)
        return document(file)

    def _released(self, file: File) -> File:
        """Its bytes were checked before they were stored; where files are scanned, they wait for that as uploads do."""
        if self._completion is not None:
            return self._completion.awaited(self._completion.move_on(file))
        if update_if(file, [File.status.set(COMPLETED), *FINISHED], File.status == PENDING, "Try again."):
            count_completed(int(file.size or 0))
            return file
        return find_file(file.file_id) or file

    def get(self, user_id: str, file_id: str) -> dict[str, Any]:
        """The file, and for its owner how far it is: `upload` of a pending one, `verification` of one that is being verified.

        Raises:
            NotFound, Unavailable.
        """
        file = file_access.readable(user_id, file_id)
        if file.owner_id == user_id and file.part_count:
            if file.status == PENDING:
                return document(file) | {"upload": self._uploads.progress(file)}
            if file.status == VERIFYING:
                return document(file) | {"verification": {"checked_bytes": int(file.checked_bytes or 0)}}
        return document(file)

    def delete(self, user_id: str, file_id: str) -> None:
        """Delete it for everybody: messages keep the name of what they showed.

        Raises:
            NotFound. Forbidden: a reader who is not the owner. Unavailable: try again, or it is done within minutes.
        """
        file = file_access.readable(user_id, file_id)
        if file.owner_id != user_id:
            raise Forbidden("Only its owner deletes a file", code="not_the_owner")
        self._removal.remove(file, OWNER)


def document(file: File) -> dict[str, Any]:
    """The file as answers have it (design: section 7)."""
    shown = file_access.facts(file) | {"owner_id": file.owner_id, "created_at": rfc3339(int(file.created_at))}
    return shown | ({"sha256": file.sha256} if file.sha256 else {})


def _checked(command: NewFile) -> tuple[str, str]:
    """Content type and SHA-256 of what may be kept."""
    size = len(command.body)
    if size > SMALL_FILE_MAX:
        detail = (
            f"The file has {size} bytes; at most {SMALL_FILE_MAX} in one request: begin with POST /v1/files/initiate"
        )
        raise TooLarge(detail)
    if size == 0:
        raise Invalid.at("/file", "is empty", "empty_file")
    digest = hashlib.sha256(command.body).hexdigest()
    if command.sha256 is not None and not hmac.compare_digest(command.sha256.lower().encode(), digest.encode()):
        raise Invalid.at("/sha256", f"the bytes that came have {digest}", "checksum_mismatch")
    declared, head = media_type(command.content_type), command.body[:HEAD_BYTES]
    wrong = contradiction(declared, head)
    if wrong is not None:
        raise Invalid.at("/file", wrong, "content_type_mismatch")
    content_type = settled_type(declared, head)
    if command.kind is not None and command.kind != fitting_kind(command.kind, content_type):
        raise Invalid.at("/kind", f"is none that {content_type} can be; known: {', '.join(KINDS)}", "invalid")
    return content_type, digest


def _new(command: NewFile, content_type: str, digest: str) -> File:
    file_id = derived_id(f"file:{command.owner_id}", command.key) if command.key else new_id()
    kind, name, now = command.kind or kind_of(content_type), display_name(command.filename), now_ms()
    return File(
        file_id,
        owner_id=command.owner_id,
        filename=name,
        content_type=content_type,
        kind=kind,
        size=len(command.body),
        sha256=digest,
        status=PENDING,
        created_at=now,
        fingerprint=fingerprint(filename=name, content_type=content_type, kind=kind, sha256=digest),
        counted_bytes=len(command.body),
        unfinished_shard=shard_of(file_id),
        sweep_at=now + _GIVEN_UP_AFTER_MS,
        **due_for_review(file_id, first_look(now)),
    )
