"""The two ways of a file: through the API, and the same parts put straight to the engine."""

import time
import uuid
from collections.abc import Iterator
from typing import Any, Protocol

import boto3
import httpx
from botocore.config import Config

from tests.benchmarks.files.streams import PartAddress

_BATCH = 100
_VERIFIED_WITHIN_S = 3600.0
_ASKED_AGAIN_S = 2.0
"""The longest pause: a hundred who ask ten times a second each would be what is measured."""
_TRIED_FOR_S = 600.0
_TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
"""Answers after which clients come again: every call is made so that it may be repeated."""


class Place(Protocol):
    """Where a file is put, and got from."""

    def begin(self, size: int, part_size: int) -> Iterator[PartAddress]:
        """Where its parts are put, in order."""

    def finish(self, sha256: str) -> None:
        """All parts are there."""

    def address(self) -> str:
        """Of the whole file, for a download."""

    def remove(self) -> None:
        """Forget it, however far it came."""


class Straight:
    """The engine's own S3 API, with addresses presigned here."""

    def __init__(self, engine_url: str, name: str) -> None:
        config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self._s3 = boto3.client("s3", "us-east-1", endpoint_url=engine_url, config=config, **keys)
        buckets = [bucket["Name"] for bucket in self._s3.list_buckets()["Buckets"]]
        bucket = next(found for found in buckets if found.endswith("-files-000000000000"))
        self._place = {"Bucket": bucket, "Key": f"straight/{name}"}
        self._upload: dict[str, str] = {}

    def begin(self, size: int, part_size: int) -> Iterator[PartAddress]:
        kind = {"ContentType": "application/octet-stream"}
        self._upload = self._place | {"UploadId": self._s3.create_multipart_upload(**self._place, **kind)["UploadId"]}
        for number in range(1, -(-size // part_size) + 1):
            parameters = self._upload | {"PartNumber": number}
            yield PartAddress(number, self._s3.generate_presigned_url("upload_part", Params=parameters))

    def finish(self, sha256: str) -> None:
        pages = self._s3.get_paginator("list_parts").paginate(**self._upload)
        parts = [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for page in pages for part in page["Parts"]]
        self._s3.complete_multipart_upload(**self._upload, MultipartUpload={"Parts": parts})

    def address(self) -> str:
        return str(self._s3.generate_presigned_url("get_object", Params=self._place))

    def remove(self) -> None:
        self._s3.delete_object(**self._place)


class ThroughApi:
    """The HTTP API, as a signed-in user calls it."""

    def __init__(self, api_url: str, token: str, name: str) -> None:
        self._http = httpx.Client(base_url=api_url, timeout=60, headers={"authorization": f"Bearer {token}"})
        self._name = name
        self._key = str(uuid.uuid4())
        self.repeated = 0
        """Requests that came again, because they were answered with an error of the server's."""
        self.file_id = ""
        self.answered_s = 0.0
        """How long `complete` took to answer."""
        self.verified_s = 0.0
        """From asking for it until the file was verified."""

    def begin(self, size: int, part_size: int) -> Iterator[PartAddress]:
        body = {"filename": self._name, "size": size, "content_type": "application/octet-stream"}
        begun = self._asked("POST", "/v1/files/initiate", body | {"part_size": part_size})
        self.file_id = begun["file_id"]
        yield from _addresses(begun)
        for first in range(_BATCH + 1, begun["part_count"] + 1, _BATCH):
            numbers = list(range(first, min(first + _BATCH, begun["part_count"] + 1)))
            yield from _addresses(self._asked("POST", f"/v1/files/{self.file_id}/parts", {"numbers": numbers}))

    def finish(self, sha256: str) -> None:
        began = time.monotonic()
        file = self._asked("POST", "/v1/files/complete", {"file_id": self.file_id, "sha256": sha256})
        self.answered_s = time.monotonic() - began
        while file["status"] == "verifying":
            assert time.monotonic() < began + _VERIFIED_WITHIN_S, file
            time.sleep(min(_ASKED_AGAIN_S, 0.1 + (time.monotonic() - began) / 10))
            file = self._asked("GET", f"/v1/files/{self.file_id}")
        self.verified_s = time.monotonic() - began
        assert file["status"] == "completed", file

    def address(self) -> str:
        return str(self._asked("GET", f"/v1/files/{self.file_id}/presigned")["url"])

    def remove(self) -> None:
        if self.file_id:
            self._asked("DELETE", f"/v1/files/{self.file_id}")

    def _asked(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        until = time.monotonic() + _TRIED_FOR_S
        while True:
            answer = self._http.request(method, path, json=body, headers={"idempotency-key": self._key})
            if answer.status_code not in _TRY_AGAIN or time.monotonic() > until:
                break
            self.repeated += 1
            time.sleep(float(answer.headers.get("retry-after", 1)))
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}


def _addresses(answer: dict[str, Any]) -> Iterator[PartAddress]:
    for part in answer["parts"]:
        yield PartAddress(part["number"], part["url"], part["headers"])
