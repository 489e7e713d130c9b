"""Uploads in parts, as S3 keeps them: begun, signed, listed, completed and aborted under the key of their file.

SHA-256 of parts: S3 checks it only in uploads that were created for it, and there demands it of every part and again at the end
(S3 API reference, UploadPart "x-amz-checksum-algorithm" and CompleteMultipartUpload). So it is said at the beginning.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from chat4all.errors import Unavailable
from chat4all.file_bucket import FileBucket, object_key
from chat4all.stores.files import File

_MISSING = frozenset({"NoSuchUpload", "NoSuchKey", "404", "NotFound"})
_CHANGED = frozenset({"InvalidPart", "InvalidPartOrder", "EntityTooSmall"})


class UploadGone(Exception):
    """S3 knows no such upload: it was completed or aborted."""


class PartsChanged(Exception):
    """Parts came while they were being put together."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has arrived."""

    number: int
    size: int
    etag: str
    sha256: str | None
    """In hex, where S3 lists it."""
    came_at: datetime


class UploadBucket:
    """The uploads of one bucket. What S3 does not answer is Unavailable."""

    def __init__(self, bucket: FileBucket) -> None:
        self._bucket = bucket

    def create(self, file_id: str, content_type: str, part_checksum: str | None) -> str:
        """Begin an upload; its id. Raises Unavailable.

        Whoever has an address of a download sees the metadata, so they do not say whose the file is: its item does.
        """
        checksum = {"ChecksumAlgorithm": part_checksum.upper()} if part_checksum else {}
        with _answered("begun"):
            begun = self._s3.create_multipart_upload(
                **self._place(file_id),
                ContentType=content_type,
                Metadata={"file-id": file_id},
                **checksum,
            )
        return str(begun["UploadId"])

    def begun(self, file_id: str) -> list[str]:
        """Ids of the uploads that were begun and not ended, oldest first. Raises Unavailable."""
        with _answered("found"):
            listed = self._s3.list_multipart_uploads(Bucket=self._bucket.name, Prefix=object_key(file_id))
        found = [u for u in listed.get("Uploads", ()) if u["Key"] == object_key(file_id)]
        return [u["UploadId"] for u in sorted(found, key=lambda u: u["Initiated"])]

    def parts(self, file_id: str, upload_id: str, etags: Mapping[int, str] | None = None) -> list[Part]:
        """What has arrived, by number; of one that was sent more than once the last, or the one that `etags` names.

        S3 itself lists each number once; SeaweedFS all that came of it, by times in whole seconds.

        Raises:
            UploadGone, Unavailable.
        """
        pages = self._s3.get_paginator("list_parts").paginate(**self._place(file_id), UploadId=upload_id)
        with _answered("listed"):
            return _one_of_each((_part(p) for page in pages for p in page.get("Parts", ())), etags or {})

    def complete(self, file_id: str, upload_id: str, parts: Sequence[Part]) -> None:
        """Make the object of the parts: all of it or nothing.

        S3 may need minutes for thousands of parts and goes on when nobody waits (API reference, CompleteMultipartUpload).

        Raises:
            UploadGone, also where it was completed before. PartsChanged. Unavailable: it may have been done.
        """
        listed = [_named(part) for part in parts]
        with _answered("completed"):
            self._s3.complete_multipart_upload(
                **self._place(file_id), UploadId=upload_id, MultipartUpload={"Parts": listed}
            )

    def abort(self, file_id: str, upload_id: str) -> None:
        """Drop the upload and its parts; also where there is none. Raises Unavailable."""
        try:
            with _answered("aborted"):
                self._s3.abort_multipart_upload(**self._place(file_id), UploadId=upload_id)
        except UploadGone:
            return

    def delete(self, file_id: str) -> None:
        """Delete the object; also where there is none. Raises Unavailable."""
        self._bucket.delete(file_id)

    def size(self, file_id: str) -> int | None:
        """Bytes of the object; None where there is none. Raises Unavailable."""
        try:
            with _answered("found"):
                return int(self._s3.head_object(**self._place(file_id))["ContentLength"])
        except UploadGone:
            return None

    def is_whole(self, file: File) -> bool:
        """Whether S3 has put the parts of `file` together. Raises Unavailable."""
        return self.size(file.file_id) == int(file.size or 0)

    def signer(self, file_id: str, upload_id: str, expires_s: int) -> "PartSigner":
        """What signs addresses of parts. S3 is not called."""
        place = {**self._place(file_id), "UploadId": upload_id, "PartNumber": 1}
        example = self._s3.generate_presigned_url("upload_part", Params=place)
        return PartSigner(self._credentials, self._s3.meta.region_name, example.partition("?")[0], upload_id, expires_s)

    def _place(self, file_id: str) -> dict[str, str]:
        return {"Bucket": self._bucket.name, "Key": object_key(file_id)}

    @property
    def _s3(self) -> Any:
        return self._bucket.client

    @cached_property
    def _credentials(self) -> Any:
        import boto3

        return boto3.Session().get_credentials()


class PartSigner:
    """Signs with botocore's signer alone, 0.14 ms each: a client's generate_presigned_url takes 0.37 ms, and there may be 100."""

    def __init__(self, credentials: Any, region: str, address: str, upload_id: str, expires_s: int) -> None:
        self._credentials = credentials.get_frozen_credentials()
        self._region = region
        self._address = address
        self._upload_id = upload_id
        self._expires_s = expires_s

    def url(self, number: int, size: int, sha256: str | None) -> tuple[str, dict[str, str]]:
        """The address that takes part `number` of exactly `size` bytes, and the headers that its sender must set.

        Content-Length is signed too: every HTTP client sets it, and a browser lets nobody else do so. The address dies with the
        credentials that sign it, which on Lambda are temporary.
        """
        from urllib.parse import urlencode

        from botocore.auth import S3SigV4QueryAuth
        from botocore.awsrequest import AWSRequest

        said = {"x-amz-checksum-sha256": _base64(sha256)} if sha256 else {}
        query = urlencode({"partNumber": number, "uploadId": self._upload_id})
        request = AWSRequest("PUT", f"{self._address}?{query}", {"content-length": str(size), **said})
        S3SigV4QueryAuth(self._credentials, "s3", self._region, self._expires_s).add_auth(request)
        return str(request.url), said


def _part(listed: Mapping[str, Any]) -> Part:
    digest = listed.get("ChecksumSHA256")
    return Part(
        int(listed["PartNumber"]),
        int(listed["Size"]),
        listed["ETag"].strip('"'),
        base64.b64decode(digest).hex() if digest else None,
        listed["LastModified"],
    )


def _one_of_each(parts: Iterable[Part], etags: Mapping[int, str]) -> list[Part]:
    found: dict[int, Part] = {}
    for part in sorted(parts, key=lambda p: (p.number, p.etag == etags.get(p.number), p.came_at)):
        found[part.number] = part
    return list(found.values())


def _named(part: Part) -> Mapping[str, Any]:
    checksum = {"ChecksumSHA256": _base64(part.sha256)} if part.sha256 else {}
    return {"PartNumber": part.number, "ETag": part.etag, **checksum}


def _base64(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode()


@contextmanager
def _answered(what: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response["Error"].get("Code", "")
        if code in _MISSING:
            raise UploadGone(code) from error
        if code in _CHANGED:
            raise PartsChanged(code) from error
        raise Unavailable(f"The upload could not be {what}: {code}. Try again.") from error
    except BotoCoreError as error:
        raise Unavailable(f"The upload could not be {what}: {type(error).__name__}. Try again.") from error
