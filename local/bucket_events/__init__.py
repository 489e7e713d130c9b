"""Event notifications of S3: functions invoked when objects of a bucket change."""

from local.bucket_events.bucket_events import BucketEvents

__all__ = ["BucketEvents"]
