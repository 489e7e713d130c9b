"""The event of an object that changed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import md5
from time import time_ns

from local.application import BucketNotification
from local.bucket_events.event import payload, wants
from local.endpoints import Endpoints
from local.generated_events.asked import Asked
from local.object_change import ObjectChange, ObjectState
from local.start_error import StartError

_EVENTS = ("ObjectCreated:Put", "ObjectCreated:CompleteMultipartUpload", "ObjectRemoved:Delete")


def s3_event(notifications: Sequence[BucketNotification], asked: Asked, endpoints: Endpoints) -> bytes:
    """For the first configuration that wants the key that was asked for; it need not be there. Raises StartError."""
    for notification in notifications:
        key = asked.keys[0] if asked.keys else f"{notification.prefix}example{notification.suffix}"
        for event in _EVENTS:
            now = datetime.now(UTC)
            empty = ObjectState(md5(b"", usedforsecurity=False).hexdigest(), 0, int(now.timestamp()))
            state = None if event.startswith("ObjectRemoved") else empty
            change = ObjectChange(notification.bucket, key, event, now, state)
            if wants(notification, change):
                return payload(notification, change, endpoints.region, endpoints.account_id, time_ns())
    found = ", ".join(f"{one.prefix}…{one.suffix}" for one in notifications)
    raise StartError(f"{asked.keys[0]} is no key whose changes invoke the function: those are {found}.")
