"""The event of S3, and who wants it."""

import json
from datetime import UTC, datetime

import pytest

from local.application import BucketNotification
from local.bucket_events.event import payload, wants
from local.object_change import ObjectChange, ObjectState

NOW = datetime(2026, 11, 21, 12, 0, 0, 250_000, UTC)
PUT = ObjectChange("photos", "cats/a b+ä.jpg", "ObjectCreated:Put", NOW, ObjectState("5d41", 5, 1_795_262_400))
REMOVED = ObjectChange("photos", "cats/a b+ä.jpg", "ObjectRemoved:Delete", NOW)
CATS = BucketNotification("photos", "Photos-0", "s3:ObjectCreated:*", "pet", "cats/", ".jpg")


def record(change: ObjectChange) -> dict:
    (found,) = json.loads(payload(CATS, change, "us-east-1", "000000000000", 255))["Records"]
    return found


def test_the_event_of_a_put():
    found = record(PUT)
    assert len(found["responseElements"].pop("x-amz-request-id")) == 16
    assert found["responseElements"].pop("x-amz-id-2")
    assert found == {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": "2026-11-21T12:00:00.250Z",
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "AWS:000000000000"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "Photos-0",
            "bucket": {
                "name": "photos",
                "ownerIdentity": {"principalId": "A000000000000"},
                "arn": "arn:aws:s3:::photos",
            },
            "object": {
                "key": "cats/a+b%2B%C3%A4.jpg",
                "size": 5,
                "eTag": "5d41",
                "sequencer": "0000000000000000FF",
            },
        },
    }


def test_what_was_removed_has_neither_size_nor_etag():
    assert record(REMOVED)["s3"]["object"] == {"key": "cats/a+b%2B%C3%A4.jpg", "sequencer": "0000000000000000FF"}


@pytest.mark.parametrize(
    ("event", "prefix", "suffix", "wanted"),
    [
        ("s3:ObjectCreated:*", "", "", True),
        ("s3:ObjectCreated:Put", "cats/", ".jpg", True),
        ("s3:ObjectCreated:CompleteMultipartUpload", "", "", False),
        ("s3:ObjectRemoved:*", "", "", False),
        ("s3:ObjectCreated:*", "dogs/", "", False),
        ("s3:ObjectCreated:*", "", ".png", False),
    ],
)
def test_who_wants_it(event: str, prefix: str, suffix: str, wanted: bool):
    assert wants(BucketNotification("photos", "1", event, "pet", prefix, suffix), PUT) is wanted
    assert not wants(BucketNotification("others", "1", event, "pet", prefix, suffix), PUT)
