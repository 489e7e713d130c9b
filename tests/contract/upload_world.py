"""Uploads in parts on the real engines: a client that cuts, sends and completes; its checks are made where they are asked for."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from chat4all.bootstrap import App
from chat4all.domain.part_plan import MIB
from chat4all.file_bucket import FileBucket
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import PublishFailed
from chat4all.kafka.record import Record
from chat4all.stores.file_quotas import find_quota
from tests.contract.handlers import Answer, request
from tests.contract.messaging import KeptPublisher, records

PART = 5 * MIB
"""The smallest that S3 takes."""


def content(size: int) -> bytes:
    """Bytes that differ everywhere, and are no known type of file."""
    block = hashlib.sha256(str(size).encode()).digest() * 1024
    return (b"text " + block * (size // len(block) + 1))[:size]


def hex_sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


class CheckingPublisher(KeptPublisher):
    """Has the function file_check take each request for a check at once, unless `broken` or `idle`."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.idle = False
        self._app = app

    def publish(self, events: Sequence[Event]) -> None:
        """Keep them, and check."""
        if self.broken:
            raise PublishFailed("broken")
        super().publish(events)
        if not self.idle:
            for record in records(events):
                self.check(record)

    def check(self, record: Record) -> None:
        """As file_check does: not in the time of the request that asks for it."""
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(self._app.file_check.check, record, lambda: 60_000).result()


@dataclass
class UploadWorld:
    """One deployment, and somebody who uploads."""

    app: App
    bucket: FileBucket
    publisher: CheckingPublisher = field(init=False)

    def __post_init__(self) -> None:
        self.publisher = CheckingPublisher(self.app)
        for name in ("publisher", "prompt_publisher"):
            self.app.__dict__[name] = self.publisher
        self.app.__dict__["file_bucket"] = self.bucket
        self.set()

    def set(self, **settings: Any) -> None:
        """Go on with other settings."""
        self.app.settings = replace(self.app.settings, **settings)
        for service in (
            "uploads",
            "file_removal",
            "files",
            "upload_completion",
            "uploads_sweeper",
            "file_check",
            "sessions",
        ):
            self.app.__dict__.pop(service, None)
            getattr(self.app, service)  # binds its tables

    def initiate(self, owner: str, key: str | None = None, **said: Any) -> Answer:
        """POST /v1/files/initiate."""
        headers = {"idempotency-key": key} if key else {}
        body = {"filename": "a.bin", "size": PART + 1, "part_size": PART} | said
        return request("uploads", "POST", "/v1/files/initiate", json_body=body, caller=owner, headers=headers)

    def sign(self, owner: str, file_id: str, **said: Any) -> Answer:
        """POST /v1/files/{id}/parts."""
        return request("uploads", "POST", f"/v1/files/{file_id}/parts", json_body=said, caller=owner)

    def complete(self, owner: str, file_id: str, **said: Any) -> Answer:
        """POST /v1/files/complete."""
        body = {"file_id": file_id} | said
        return request("uploads", "POST", "/v1/files/complete", json_body=body, caller=owner)

    def get(self, owner: str, file_id: str) -> Answer:
        """GET /v1/files/{id}."""
        return request("files", "GET", f"/v1/files/{file_id}", caller=owner)

    def delete(self, owner: str, file_id: str) -> Answer:
        """DELETE /v1/files/{id}."""
        return request("files", "DELETE", f"/v1/files/{file_id}", caller=owner)

    def sent(self, owner: str, body: bytes, **said: Any) -> dict[str, Any]:
        """An upload whose parts have all arrived."""
        begun = self.initiate(owner, size=len(body), **said)
        assert begun.status == 201, begun.body
        for answer in send(begun.body["parts"], body):
            assert answer.status_code == 200, answer.text
        return dict(begun.body)

    def counted(self, owner: str) -> tuple[int, int]:
        """(bytes, unfinished uploads) of the owner's quota."""
        quota = find_quota(owner)
        return int(quota.total_bytes or 0), int(quota.uploads or 0)

    def is_in_s3(self, file_id: str) -> bool:
        """Whether anything of the file is there: an object, or an upload that was not ended."""
        uploads = self.app.upload_bucket
        return uploads.size(file_id) is not None or bool(uploads.begun(file_id))


def slice_of(body: bytes, number: int, part_size: int = PART) -> bytes:
    """A part's bytes."""
    return body[(number - 1) * part_size : number * part_size]


def send(parts: Iterable[dict[str, Any]], body: bytes) -> list[httpx.Response]:
    """PUT parts to the addresses that they were given."""
    return [put(p["url"], slice_of(body, p["number"]), p["headers"]) for p in parts]


def upload_world(app: App, bucket: str, **settings: Any) -> UploadWorld:
    """With these settings, and no limit on how often somebody uploads."""
    world = UploadWorld(app, FileBucket(bucket))
    world.set(sends_per_second=1000.0, send_burst=1000, **settings)
    return world


def put(url: str, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    """PUT, with the patience that a busy machine needs."""
    return httpx.put(url, headers=headers, content=body, timeout=120)


def base64_sha256(body: bytes) -> str:
    """As S3 writes it."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()
