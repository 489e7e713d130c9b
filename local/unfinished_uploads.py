"""Uploads in parts that nobody completed, removed as the lifecycle rules of their buckets say.

docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html; the time is rounded to the
next midnight UTC, as intro-lifecycle-rules.html says of days.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from local.application import Bucket
from local.endpoints import Endpoints
from local.s3_answers import read_answer, text_of
from local.signed_requests import EngineRefused, s3

_LOG = logging.getLogger(__name__)
_PAUSE_S = 3600.0


@dataclass(frozen=True, slots=True)
class Upload:
    """One that is not completed."""

    key: str
    upload_id: str
    initiated: datetime


def days_of(properties: Mapping[str, Any], key: str) -> int | None:
    """After how many days the rules of a bucket (CloudFormation's properties) end uploads of a key; None: never."""
    rules = (properties.get("LifecycleConfiguration") or {}).get("Rules") or ()
    days = [
        int(rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
        for rule in rules
        if rule.get("Status") == "Enabled"
        and "AbortIncompleteMultipartUpload" in rule
        and key.startswith(rule.get("Prefix", ""))
    ]
    return min(days, default=None)


def ends_at(initiated: datetime, days: int) -> datetime:
    """The midnight (UTC) that an upload does not outlive."""
    whole = initiated.astimezone(UTC) + timedelta(days=days)
    midnight = whole.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if midnight == whole else midnight + timedelta(days=1)


class UnfinishedUploads:
    """Looks each hour, while it runs."""

    def __init__(
        self, buckets: Sequence[Bucket], endpoints: Endpoints, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._buckets = [bucket for bucket in buckets if bucket.properties.get("LifecycleConfiguration")]
        self._endpoints = endpoints
        self._now = now
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        if self._buckets:
            self._task = asyncio.create_task(self._keep_looking())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def sweep(self) -> int:
        """End those whose time is over; how many. Raises EngineRefused."""
        ended = 0
        for bucket in self._buckets:
            async for upload in self._uploads(bucket.name):
                days = days_of(bucket.properties, upload.key)
                if days is not None and ends_at(upload.initiated, days) <= self._now():
                    ended += await self._abort(bucket.name, upload)
        return ended

    async def _keep_looking(self) -> None:
        while True:
            try:
                if ended := await self.sweep():
                    _LOG.info("%d uploads were ended that nobody completed", ended)
            except EngineRefused as error:
                _LOG.warning("uploads that nobody completed are looked at in an hour: %s", error)
            await asyncio.sleep(_PAUSE_S)

    async def _uploads(self, bucket: str) -> AsyncIterator[Upload]:
        query = {"uploads": ""}
        while True:
            answer = await s3(self._endpoints.s3_url, self._endpoints.region, bucket, query)
            root = read_answer(answer)
            for found in root.iterfind("{*}Upload"):
                began = datetime.fromisoformat(text_of(found, "Initiated"))
                yield Upload(text_of(found, "Key"), text_of(found, "UploadId"), began)
            if text_of(root, "IsTruncated") != "true":
                return
            query["key-marker"] = text_of(root, "NextKeyMarker")
            query["upload-id-marker"] = text_of(root, "NextUploadIdMarker")

    async def _abort(self, bucket: str, upload: Upload) -> bool:
        """False for one that was completed meanwhile."""
        endpoints, query = self._endpoints, {"uploadId": upload.upload_id}
        try:
            await s3(endpoints.s3_url, endpoints.region, bucket, query, method="DELETE", key=upload.key)
        except EngineRefused as error:
            if error.status == 404:
                return False
            raise
        return True
