"""Files of users: small ones are taken here, and every one is shown, signed for a download, and deleted."""

import hashlib
import hmac
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pynamodb.exceptions import DeleteError, PutError

from chat4all import admission, file_access
from chat4all.clock import now_ms, rfc3339
from chat4all.config import Settings
from chat4all.domain.file_names import display_name
from chat4all.domain.file_types import HEAD_BYTES, contradiction, settled_type
from chat4all.domain.media_types import KINDS, fitting_kind, kind_of, media_type
from chat4all.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, TooLarge, Unavailable
from chat4all.file_bucket import FileBucket
from chat4all.ids import derived_id, new_id
from chat4all.rate_limits import RateLimiter
from chat4all.stores.files import COMPLETED, PENDING, File, find_file
from chat4all.stores.table import condition_failed, update_if

SMALL_FILE_MAX = 4 * 1024 * 1024
"""Bytes. What a function is called with has at most 6 MB (Lambda quotas, "Invocation payload"), in which a binary body stands in
base64, a third longer (API Gateway, payload format 2.0)."""


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

    def __init__(self, settings: Settings, bucket: FileBucket, limiter: RateLimiter) -> None:
        self._settings = settings
        self._bucket = bucket
        self._limiter = limiter

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
        file = _begun(
            File(
                derived_id(f"file:{command.owner_id}", command.key) if command.key else new_id(),
                owner_id=command.owner_id,
                filename=display_name(command.filename),
                content_type=content_type,
                kind=command.kind or kind_of(content_type),
                size=len(command.body),
                sha256=digest,
                status=PENDING,
                created_at=now_ms(),
            )
        )
        if file.status == PENDING:
            body = BytesIO(command.body)
            self._bucket.put(file.file_id, body, size=len(command.body), sha256=digest, content_type=content_type)
            if not update_if(file, [File.status.set(COMPLETED)], File.status == PENDING, "Try again."):
                file = find_file(file.file_id) or file
        return document(file)

    def get(self, user_id: str, file_id: str) -> dict[str, Any]:
        """The file; raises NotFound."""
        return document(file_access.readable(user_id, file_id))

    def presigned(self, user_id: str, file_id: str) -> dict[str, Any]:
        """{url, expires_at} and what the file is: an address of S3 for a download, with Range, for whoever has it.

        Raises:
            NotFound. Conflict: `file_pending`, `file_failed`.
        """
        file = file_access.readable(user_id, file_id)
        file_access.check_completed(file)
        expires_at = now_ms() + 1000 * self._settings.file_url_s
        facts = {name: value for name, value in file_access.facts(file).items() if name != "status"}
        return {"url": self._url(file), "expires_at": rfc3339(expires_at)} | facts

    def shared(self, file_id: str, token: str) -> str:
        """The address behind a link that a channel's text carries; raises NotFound, also when its messages are unsent."""
        file = find_file(file_id)
        expected = file.share_token if file is not None else None
        is_open = hmac.compare_digest((expected or "").encode(), token.encode(errors="replace")) and bool(expected)
        if file is None or not is_open or file.status != COMPLETED or not file_access.is_shown(file_id):
            raise NotFound("No such file")
        return self._url(file)

    def delete(self, user_id: str, file_id: str) -> None:
        """Delete the bytes and the item: messages keep the name of what they showed.

        Raises:
            NotFound. Forbidden: a reader who is not the owner. Unavailable: try again.
        """
        file = file_access.readable(user_id, file_id)
        if file.owner_id != user_id:
            raise Forbidden("Only its owner deletes a file", code="not_the_owner")
        # The bytes first: a death in between leaves an item that can be deleted again.
        self._bucket.delete(file_id)
        try:
            file.delete()
        except DeleteError as error:
            raise Unavailable("The file could not be deleted. Try again.") from error

    def _url(self, file: File) -> str:
        return self._bucket.url(file.file_id, file.filename, file.content_type, self._settings.file_url_s)


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
        raise _invalid("/file", "is empty", "empty_file")
    digest = hashlib.sha256(command.body).hexdigest()
    if command.sha256 is not None and not hmac.compare_digest(command.sha256.lower().encode(), digest.encode()):
        raise _invalid("/sha256", f"the bytes that came have {digest}", "checksum_mismatch")
    declared, head = media_type(command.content_type), command.body[:HEAD_BYTES]
    wrong = contradiction(declared, head)
    if wrong is not None:
        raise _invalid("/file", wrong, "content_type_mismatch")
    content_type = settled_type(declared, head)
    if command.kind is not None and command.kind != fitting_kind(command.kind, content_type):
        raise _invalid("/kind", f"is none that {content_type} can be; known: {', '.join(KINDS)}", "invalid")
    return content_type, digest


def _invalid(pointer: str, detail: str, code: str) -> Invalid:
    return Invalid(f"{pointer}: {detail}", code=code, errors=(FieldError(pointer, detail),))


def _begun(wanted: File) -> File:
    """The item, written before the bytes; the one that is there where an Idempotency-Key was used before."""
    try:
        wanted.save(File.file_id.does_not_exist())
    except PutError as error:
        if not condition_failed(error):
            raise Unavailable("The file could not be written down. Try again.") from error
        standing = find_file(wanted.file_id)
        if standing is None or _said(standing) != _said(wanted):
            raise Conflict("This Idempotency-Key was used for another file", code="idempotency_key_reused") from None
        return standing
    return wanted


def _said(file: File) -> tuple[Any, ...]:
    return file.owner_id, file.sha256, int(file.size or 0), file.filename, file.content_type, file.kind
