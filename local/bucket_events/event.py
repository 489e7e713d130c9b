"""The event that a function gets: docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html"""

import base64
import json
import os
from datetime import UTC
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote_plus

from local.application import BucketNotification
from local.object_change import ObjectChange


def wants(notification: BucketNotification, change: ObjectChange) -> bool:
    """Whether a configuration is for this change."""
    return (
        notification.bucket == change.bucket
        and fnmatchcase(f"s3:{change.event}", notification.event)
        and change.key.startswith(notification.prefix)
        and change.key.endswith(notification.suffix)
    )


def payload(notification: BucketNotification, change: ObjectChange, region: str, account: str, order: int) -> bytes:
    """One record. `order` grows with each change: `sequencer` is its hexadecimal digits, all of one length.

    The principals and the numbers of the request are nobody's: the engine does not tell who it was.
    """
    described: dict[str, Any] = {"key": quote_plus(change.key, safe="/")}
    if change.state is not None:
        described |= {"size": change.state.size, "eTag": change.state.etag}
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": region,
        "eventTime": change.time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "eventName": change.event,
        "userIdentity": {"principalId": f"AWS:{account}"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {
            "x-amz-request-id": os.urandom(8).hex().upper(),
            "x-amz-id-2": base64.b64encode(os.urandom(48)).decode(),
        },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": notification.configuration_id,
            "bucket": {
                "name": change.bucket,
                "ownerIdentity": {"principalId": f"A{account}"},
                "arn": f"arn:aws:s3:::{change.bucket}",
            },
            "object": described | {"sequencer": f"{order:018X}"},
        },
    }
    return json.dumps({"Records": [record]}, separators=(",", ":")).encode()
