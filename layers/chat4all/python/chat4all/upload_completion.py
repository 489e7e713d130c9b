"""The end of an upload: S3 puts the parts together, then the bytes are verified, and only then the file is completed.

Every step may be made twice, by two at once, or after whoever made the last one died: S3's list of parts, its object and the
item's status say how far it is. No step undoes another.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from pynamodb.expressions.update import Action

from chat4all import admission
from chat4all.clock import now_ms
from chat4all.config import Settings
from chat4all.domain.upload import Finish
from chat4all.errors import Conflict, Invalid, NotFound, PartsMissing
from chat4all.file_check_requests import request_check
from chat4all.kafka.publisher import Publisher
from chat4all.stores.files import FAILED, PENDING, VERIFYING, File, find_file
from chat4all.stores.signed_parts import signed_sha256
from chat4all.stores.table import update_if
from chat4all.upload_bucket import Part, PartsChanged, UploadBucket, UploadGone
from chat4all.uploads import check_not_expired, owned_upload, plan_of

_NAMED_MAX = 1000
"""Numbers of missing parts that an answer has."""
_ATTEMPTS = 3
_FIRST_LOOK_S, _LONGEST_PAUSE_S = 0.05, 0.4


class UploadCompletion:
    """Completes uploads."""

    def __init__(
        self,
        settings: Settings,
        bucket: UploadBucket,
        publisher: Publisher,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._wait_s = settings.file_check_wait_s
        self._bucket = bucket
        self._publisher = publisher
        self._sleep = sleep

    def complete(self, owner_id: str, said: Finish) -> File:
        """The file: completed or failed, or still verifying where that takes longer than a caller is kept waiting.

        Raises:
            NotFound. Invalid: another SHA-256 than was said before; a part that cannot be.
            PartsMissing. Conflict: `not_an_upload`, `upload_expired`, `parts_changed`, `upload_gone`.
            Unavailable: S3 did not answer, or is not done with the parts yet: the same again.
        """
        file = owned_upload(owner_id, said.file_id)
        _check_sha256(file, said)
        admission.commit()
        if file.status == PENDING:
            check_not_expired(file)
            self._assemble(file, said)
            file = self.move_on(file, said.sha256)
        elif file.status == VERIFYING and int(file.sweep_at or 0) <= now_ms():
            request_check(self._publisher, file)
        file = self.awaited(file)
        _check_sha256(file, said)  # another call may have been first, and have said another, or none
        return file

    def move_on(self, file: File, sha256: str | None = None) -> File:
        """A pending upload whose object S3 has is verified from now on; the file as it then stands.

        Raises:
            NotFound: it was deleted meanwhile. Unavailable.
        """
        # Due at once: until Kafka has the request, whoever comes next asks again.
        actions: list[Action] = [File.status.set(VERIFYING), File.sweep_at.set(now_ms())]
        if sha256 is not None:
            actions.append(File.declared_sha256.set(sha256))
        if update_if(
            file, actions, File.status == PENDING, "The upload is complete, and that could not be noted. Again."
        ):
            request_check(self._publisher, file)
            return file
        standing = find_file(file.file_id)
        if standing is None:
            self._bucket.delete(file.file_id)
            raise NotFound("No such file")
        return standing

    def awaited(self, file: File) -> File:
        """The file when it is verified, or after `file_check_wait_s`; raises NotFound where it was deleted meanwhile."""
        ends, pause = time.monotonic() + self._wait_s, _FIRST_LOOK_S
        while file.status == VERIFYING and time.monotonic() < ends:
            self._sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
            standing = find_file(file.file_id)
            if standing is None:
                raise NotFound("No such file")
            file = standing
        return file

    def _assemble(self, file: File, said: Finish) -> None:
        for tries_left in reversed(range(_ATTEMPTS)):
            try:
                parts = self._parts(file, said)
                _check_parts(file, said, parts)
                self._bucket.complete(file.file_id, str(file.upload_id), parts)
            except PartsChanged:
                continue
            except PartsMissing:
                # S3 lists none of them either while another puts them together.
                if self._bucket.is_whole(file):
                    return
                if not tries_left:
                    raise
                self._sleep(_FIRST_LOOK_S)
                continue
            except UploadGone:
                # Completed by another, or by one who died before the item said so.
                if not self._bucket.is_whole(file):
                    detail = "S3 has neither this upload nor its file. If nobody else is completing it now, begin again"
                    raise Conflict(detail, code="upload_gone") from None
            return
        raise Conflict("Parts are still arriving: complete the upload when all are there", code="parts_changed")

    def _parts(self, file: File, said: Finish) -> list[Part]:
        if file.upload_id is None:
            return []
        etags = {one.number: one.etag.strip('"') for one in said.parts or ()}
        parts = self._bucket.parts(file.file_id, file.upload_id, etags)
        if not file.part_checksum or all(part.sha256 for part in parts):
            return parts
        signed = signed_sha256(file.file_id)
        return [replace(part, sha256=part.sha256 or signed.get(part.number)) for part in parts]


def _check_sha256(file: File, said: Finish) -> None:
    known = file.sha256 or file.declared_sha256
    if said.sha256 and known and said.sha256 != known and file.status != FAILED:
        raise Invalid.at("/sha256", f"of this upload it is {known}", "checksum_mismatch")


def _check_parts(file: File, said: Finish, parts: list[Part]) -> None:
    """Whether S3 has all that is planned, and what its sender says that it sent."""
    plan = plan_of(file)
    missing = plan.missing({part.number: part.size for part in parts})
    if missing:
        numbers = ", ".join(map(str, missing[:20])) + (", ..." if len(missing) > 20 else "")
        detail = f"{len(missing)} of {plan.count} parts are missing: {numbers}"
        raise PartsMissing(detail, numbers=tuple(missing[:_NAMED_MAX]))
    etags = {part.number: part.etag for part in parts}
    for index, one in enumerate(said.parts or ()):
        if one.number > plan.count:
            raise Invalid.at(f"/parts/{index}/number", f"is {one.number}; the upload has {plan.count} parts")
        if one.etag.strip('"') != etags[one.number]:
            raise Conflict(
                f"Part {one.number} is {etags[one.number]}, not {one.etag}: send it again", code="parts_changed"
            )
