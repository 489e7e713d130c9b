"""Uploads that nobody completes."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from local.application import Bucket
from local.unfinished_uploads import UnfinishedUploads
from tests.conformance.buckets.conftest import BUCKET, Served

RULE = {"Status": "Enabled", "Prefix": "left/", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}


def sweep(served: Served, days: float) -> int:
    """As the stack does by a clock that is ahead by so many days, with a rule for a part of the keys."""
    bucket = Bucket("Uploads", BUCKET, {"LifecycleConfiguration": {"Rules": [RULE]}})
    return asyncio.run(
        UnfinishedUploads([bucket], served.endpoints, lambda: datetime.now(UTC) + timedelta(days=days)).sweep()
    )


@pytest.mark.statement("buckets.unfinished")
def test_uploads_end_at_the_midnight_after_their_days(served: Served) -> None:
    s3 = served.s3()
    names = ("left/a b+ä", "left/other", "kept/1")
    uploads = {key: s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"] for key in names}
    s3.upload_part(Bucket=BUCKET, Key="left/other", UploadId=uploads["left/other"], PartNumber=1, Body=b"1")
    assert sweep(served, 0.9) == 0
    assert sweep(served, 2.1) == 2
    left = [upload["Key"] for upload in s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])]
    assert left == ["kept/1"]
    s3.abort_multipart_upload(Bucket=BUCKET, Key="kept/1", UploadId=uploads["kept/1"])
