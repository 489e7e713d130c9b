"""Uploads in parts, straight to S3: begun, signed part by part, looked at and given up. Their end: upload_completion.

The item is written first, then S3's upload is created, then its id is written down. A death in between is made good by whoever
comes next: a repeat with the same Idempotency-Key, the next call for addresses, or uploads_sweeper when its time is over.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chat4all import admission
from chat4all.clock import now_ms, rfc3339
from chat4all.config import Settings
from chat4all.domain.file_life import DAY_MS
from chat4all.domain.file_names import display_name
from chat4all.domain.fingerprint import fingerprint
from chat4all.domain.media_types import KINDS, UNKNOWN, fitting_kind, kind_of, media_type
from chat4all.domain.part_plan import PartPlan, planned
from chat4all.domain.upload import URLS_MAX, Begin, Sign
from chat4all.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable
from chat4all.ids import derived_id, new_id
from chat4all.new_files import begun
from chat4all.rate_limits import RateLimiter
from chat4all.stores.file_writes import remove_file
from chat4all.stores.files import PENDING, File, due_for_review, find_file, shard_of
from chat4all.stores.signed_parts import keep_signed
from chat4all.stores.table import update_if
from chat4all.upload_bucket import UploadBucket, UploadGone


class Uploads:
    """For their owners: other people's uploads are not there (404)."""

    def __init__(self, settings: Settings, bucket: UploadBucket, limiter: RateLimiter) -> None:
        self._settings = settings
        self._bucket = bucket
        self._limiter = limiter

    def begin(self, owner_id: str, said: Begin, key: str | None) -> tuple[File, dict[str, Any]]:
        """Begin an upload: its file, and {part_size, part_count, parts, expires_at, upload_expires_at} beside it.

        `parts` are the first 100, signed; none where each needs a checksum, or where the upload is over (a repeated `key`).

        Raises:
            Invalid, TooLarge, RateLimited, Unavailable.
            Conflict: `file_quota_reached`, `too_many_uploads`, `idempotency_key_reused`.
        """
        plan = _checked(said, self._settings.file_max_bytes)
        self._limiter.take(f"file:{owner_id}", self._settings.sends_per_second, self._settings.send_burst)
        admission.commit()
        wanted = self._new(owner_id, said, plan, key)
        file = begun(wanted, self._settings)
        if file.status == PENDING:
            try:
                file = self._started(file, is_new=file is wanted)
            except Unavailable:
                if key is None:
                    remove_file(file)  # nobody can come back to it, and it would count for days
                raise
        numbers = range(1, min(plan.count, URLS_MAX) + 1) if file.status == PENDING and not file.part_checksum else ()
        return file, _shape(file) | self._signed(file, numbers, {})

    def sign(self, owner_id: str, file_id: str, said: Sign) -> dict[str, Any]:
        """{parts: [{number, size, url, headers}], expires_at}: addresses of the numbers that are said (S3 is not asked), or of
        the first 100 that have not arrived. 1 write unit for each 14 checksums.

        Raises:
            NotFound, Unavailable, Invalid (a number or a checksum that cannot be).
            Conflict: `upload_over`, `upload_expired`.
        """
        file = self._started(open_upload(owner_id, file_id), is_new=False)
        plan = plan_of(file)
        _check_signable(file, plan, said)
        numbers = [number for _, number in said.places()] or plan.missing(self.arrived(file))[:URLS_MAX]
        return self._signed(file, numbers, said.sha256 or {})

    def progress(self, file: File) -> dict[str, Any]:
        """What has arrived of a pending upload: {part_size, part_count, arrived, arrived_bytes, expires_at, ...}."""
        plan, arrived = plan_of(file), self.arrived(file)
        missing = set(plan.missing(arrived))
        whole = [number for number in sorted(arrived) if number not in missing and number <= plan.count]
        shown = _shape(file) | {"arrived": whole, "arrived_bytes": sum(plan.size_of(number) for number in whole)}
        return shown | {"expires_at": shown.pop("upload_expires_at")} | _declared(file)

    def arrived(self, file: File) -> Mapping[int, int]:
        """{number: bytes} of what S3 has of an upload. Raises Unavailable."""
        if file.upload_id is None:
            return {}
        try:
            return {part.number: part.size for part in self._bucket.parts(file.file_id, file.upload_id)}
        except UploadGone:
            # Put together, and whoever did it died before the item said so.
            is_there, plan = self._bucket.is_whole(file), plan_of(file)
            return {number: plan.size_of(number) for number in range(1, plan.count + 1)} if is_there else {}

    def drop(self, file: File) -> None:
        """Have S3 forget the upload of `file` and its parts: also one whose id was never written down. Raises Unavailable."""
        known = [file.upload_id] if file.upload_id else []
        for upload_id in dict.fromkeys([*known, *self._bucket.begun(file.file_id)]):
            self._bucket.abort(file.file_id, upload_id)

    def _new(self, owner_id: str, said: Begin, plan: PartPlan, key: str | None) -> File:
        now = now_ms()
        ends = now + self._settings.upload_days * DAY_MS
        file_id = derived_id(f"upload:{owner_id}", key) if key else new_id()
        content_type = media_type(said.content_type)
        return File(
            file_id,
            owner_id=owner_id,
            filename=display_name(said.filename),
            content_type=content_type,
            kind=said.kind or kind_of(content_type),
            size=said.size,
            declared_sha256=said.sha256,
            status=PENDING,
            created_at=now,
            fingerprint=fingerprint(**said.model_dump()),
            part_size=plan.part_size,
            part_count=plan.count,
            part_checksum=said.part_checksum,
            upload_expires_at=ends,
            counted_bytes=said.size,
            unfinished_shard=shard_of(file_id),
            sweep_at=ends,
            **due_for_review(file_id, ends + DAY_MS),
        )

    def _started(self, file: File, *, is_new: bool) -> File:
        """The file with S3's upload; of two that are created at once, one stays."""
        if file.upload_id is not None:
            return file
        left = [] if is_new else self._bucket.begun(file.file_id)
        upload_id = left[0] if left else None
        if upload_id is None:
            upload_id = self._bucket.create(file.file_id, file.content_type, file.part_checksum)
        is_first = (File.status == PENDING) & File.upload_id.does_not_exist()
        if update_if(
            file, [File.upload_id.set(upload_id)], is_first, "The upload could not be written down. Try again."
        ):
            return file
        standing = find_file(file.file_id)
        if standing is None or standing.upload_id != upload_id:
            self._bucket.abort(file.file_id, upload_id)
        if standing is None:
            raise NotFound("No such file")
        return standing

    def _signed(self, file: File, numbers: Sequence[int], sha256: Mapping[str, str]) -> dict[str, Any]:
        """Addresses are good for `upload_url_s`, and no longer than the credentials of the function that signs them: a role's
        live an hour or more, and may be old. A client asks for new ones at a 403 too, not only after `expires_at`."""
        plan, seconds = plan_of(file), self._settings.upload_url_s
        expires_at, parts = rfc3339(now_ms() + 1000 * seconds), []
        if numbers:
            if sha256:
                keep_signed(file.file_id, sha256, int(file.upload_expires_at or 0))
            signer = self._bucket.signer(file.file_id, str(file.upload_id), seconds)
            for number in numbers:
                url, headers = signer.url(number, plan.size_of(number), sha256.get(str(number)))
                parts.append({"number": number, "size": plan.size_of(number), "url": url, "headers": headers})
        return {"parts": parts, "expires_at": expires_at}


def owned_upload(owner_id: str, file_id: str) -> File:
    """The upload, at whatever stage; raises NotFound, Conflict (`not_an_upload`: it was sent in one request, or by a contact)."""
    file = find_file(file_id)
    if file is None or file.owner_id != owner_id:
        raise NotFound("No such file")
    if file.part_count is None:
        raise Conflict("This file is not uploaded in parts", code="not_an_upload")
    return file


def open_upload(owner_id: str, file_id: str) -> File:
    """An upload that takes parts; raises NotFound, Conflict (`not_an_upload`, `upload_over`, `upload_expired`)."""
    file = owned_upload(owner_id, file_id)
    if file.status != PENDING:
        raise Conflict(f"The upload is over: the file is {file.status}", code="upload_over")
    check_not_expired(file)
    return file


def check_not_expired(file: File) -> None:
    """Raises Conflict: `upload_expired`."""
    ends = int(file.upload_expires_at or 0)
    if ends <= now_ms():
        raise Conflict(f"The upload expired at {rfc3339(ends)}: begin again", code="upload_expired")


def plan_of(file: File) -> PartPlan:
    """Of an upload."""
    return PartPlan(int(file.size or 0), int(file.part_size or 1))


def _shape(file: File) -> dict[str, Any]:
    return {
        "part_size": int(file.part_size or 0),
        "part_count": int(file.part_count or 0),
        "upload_expires_at": rfc3339(int(file.upload_expires_at or 0)),
    } | ({"part_checksum": file.part_checksum} if file.part_checksum else {})


def _declared(file: File) -> dict[str, Any]:
    return {"sha256": file.declared_sha256} if file.declared_sha256 else {}


def _checked(said: Begin, most_bytes: int) -> PartPlan:
    if said.size == 0:
        raise Invalid.at("/size", "a file has at least one byte", "empty_file")
    if said.size > most_bytes:
        raise TooLarge(f"The file has {said.size} bytes; at most {most_bytes}")
    content_type = media_type(said.content_type)
    if said.content_type and content_type == UNKNOWN and not said.content_type.lower().startswith(UNKNOWN):
        raise Invalid.at("/content_type", f"is no media type such as image/png: {said.content_type[:80]!r}")
    if said.kind is not None and said.kind != fitting_kind(said.kind, content_type):
        raise Invalid.at("/kind", f"is none that {content_type} can be; known: {', '.join(KINDS)}")
    plan = planned(said.size, said.part_size)
    if isinstance(plan, str):
        raise Invalid.at("/part_size", plan)
    return plan


def _check_signable(file: File, plan: PartPlan, said: Sign) -> None:
    named = said.places()
    for pointer, number in named:
        if number > plan.count:
            raise Invalid.at(pointer, f"is {number}; the upload has {plan.count} parts")
    if said.sha256 and not file.part_checksum:
        detail = (
            'is taken only by uploads begun with {"part_checksum": "sha256"}: S3 checks it of every part or of none'
        )
        raise Invalid.at("/sha256", detail)
    if file.part_checksum:
        given = said.sha256 or {}
        without = [number for _, number in named if str(number) not in given]
        if without or not given:
            which = f"part {without[0]}" if without else "each part"
            raise Invalid.at("/sha256", f"{which} needs its SHA-256: the upload was begun with part_checksum")
