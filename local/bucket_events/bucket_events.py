"""Changes of objects become asynchronous invocations, each at least once.

The engine tells each change soon after it has answered, whoever asked for it and by whatever address. What it could not
tell before it or the stack was killed is found by comparing its objects with those that are known (`catch_up`): each
object is told of as it is then. What was made and removed again in such a gap was never seen.
"""

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from local.application import BucketNotification
from local.bucket_events.event import payload, wants
from local.bucket_events.known_objects import KnownObjects
from local.bucket_events.listing import objects
from local.endpoints import Endpoints
from local.engines.s3_changes import ChangeListener, change_of
from local.object_change import ObjectChange, ObjectState
from local.signed_requests import EngineRefused

_LOG = logging.getLogger(__name__)
_PAUSE_S = 1.0

InvokeEvent = Callable[[str, bytes], Awaitable[object]]
"""Asynchronous invocation (`Event`) of a function by name; what it returned for is not lost."""


class BucketEvents:
    """Made before the engine, which is given `listener`; `start` once the buckets are there."""

    def __init__(
        self,
        notifications: Sequence[BucketNotification],
        endpoints: Endpoints,
        file: Path,
        invoke_event: InvokeEvent,
    ) -> None:
        """`file` remembers what was told. Raises StartError for one that cannot be read."""
        self._notifications = notifications
        self._endpoints = endpoints
        self._known = KnownObjects(file)
        self._invoke_event = invoke_event
        self._behind = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._order = 0
        self._token = secrets.token_urlsafe(32)

    def listener(self, path: str) -> ChangeListener | None:
        """What the engine needs to know to tell us at `path` of the AWS endpoint; None where nobody wants to be told."""
        if not self._notifications:
            return None
        prefixes = [(bucket, prefix) for bucket in self._buckets() for prefix in self._prefixes(bucket)]
        return ChangeListener(f"{self._endpoints.aws_url}{path}", self._token, tuple(prefixes))

    async def start(self) -> None:
        """Returns when what happened while nobody listened is on its way to the functions."""
        self._known.forget_others(self._buckets())
        await self._catch_up()
        self._task = asyncio.create_task(self._stay_up())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._known.close()

    def look_again(self) -> None:
        """The engine was killed, or told something that did not arrive."""
        self._behind.set()

    async def told(self, token: str, posted: bytes) -> bool:
        """What the engine posted; False for somebody else. Returns when each function that wants it will get it."""
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            return False
        try:
            change = change_of(json.loads(posted), datetime.now(UTC))
        except (AttributeError, KeyError, TypeError, ValueError):
            _LOG.exception("what the S3 engine tells cannot be read: %s", posted[:1000])
            self.look_again()
            return True
        if change is not None:
            try:
                await self._tell(change)
            except Exception:
                self.look_again()
                raise
        return True

    async def _tell(self, change: ObjectChange) -> None:
        """Asynchronous invocations first: what is known was told."""
        self._order = max(self._order + 1, time.time_ns())
        region, account = self._endpoints.region, self._endpoints.account_id
        for notification in self._notifications:
            if wants(notification, change):
                event = payload(notification, change, region, account, self._order)
                await self._invoke_event(notification.function, event)
        if change.key.startswith(self._prefixes(change.bucket)):
            self._known.put(change.bucket, change.key, change.state)

    async def _stay_up(self) -> None:
        while True:
            await self._behind.wait()
            self._behind.clear()
            try:
                await self._catch_up()
            except EngineRefused as error:
                _LOG.info("what objects became is looked at again: %s", error)
                self._behind.set()
            except Exception:
                _LOG.exception("what objects became is looked at again")
                self._behind.set()
            await asyncio.sleep(_PAUSE_S)

    async def _catch_up(self) -> None:
        """Raises EngineRefused."""
        for bucket in self._buckets():
            await self._compare(bucket)

    async def _compare(self, bucket: str) -> None:
        """Objects under beginnings that are watched for the first time were there before anybody asked to be told."""
        prefixes, watched = self._prefixes(bucket), self._known.watched(bucket)
        before, seen = self._known.all(bucket), set[str]()
        for prefix in prefixes:
            async for key, state in objects(self._endpoints.s3_url, self._endpoints.region, bucket, prefix):
                seen.add(key)
                if before.get(key) == state or self._known.get(bucket, key) != before.get(key):
                    continue  # told, or told while this page was on its way
                if watched and key.startswith(watched):
                    await self._tell(_found(bucket, key, state))
                else:
                    self._known.put(bucket, key, state)
        for key in before.keys() - seen:
            if self._known.get(bucket, key) == before[key] and key.startswith(prefixes):
                await self._tell(ObjectChange(bucket, key, "ObjectRemoved:Delete", datetime.now(UTC)))
        self._known.watch(bucket, prefixes)

    def _buckets(self) -> list[str]:
        return sorted({one.bucket for one in self._notifications})

    def _prefixes(self, bucket: str) -> tuple[str, ...]:
        """Beginnings of the keys that matter, none of which begins with another."""
        wanted = sorted({one.prefix for one in self._notifications if one.bucket == bucket})
        return tuple(one for one in wanted if not any(one.startswith(other) for other in wanted if other != one))


def _found(bucket: str, key: str, state: ObjectState) -> ObjectChange:
    """The ETag of what was uploaded in parts ends with their number."""
    event = "ObjectCreated:CompleteMultipartUpload" if "-" in state.etag else "ObjectCreated:Put"
    return ObjectChange(bucket, key, event, datetime.fromtimestamp(state.modified_s, UTC), state)
