"""What lies in the stack's bucket and tables, looked at from behind."""

from typing import Any

import boto3

from tests.e2e.people import Person
from tests.e2e.running_stack import RunningStack

_KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


def unfinished(stack: RunningStack) -> list[str]:
    """Keys of the uploads that S3 has begun and neither completed nor aborted."""
    s3 = _s3(stack)
    listed = s3.list_multipart_uploads(Bucket=_files(s3))
    return [each["Key"] for each in listed.get("Uploads", [])]


def objects(stack: RunningStack) -> list[str]:
    """Keys of the files that S3 has."""
    s3 = _s3(stack)
    listed = s3.list_objects_v2(Bucket=_files(s3), Prefix="files/")
    return [each["Key"] for each in listed.get("Contents", [])]


def items_of(stack: RunningStack, person: Person) -> list[dict[str, Any]]:
    """The items of the files of somebody."""
    table = _dynamodb(stack).Table("chat4all-files")
    return [item for item in table.scan(ConsistentRead=True)["Items"] if item["owner_id"] == person.id]


def quota_of(stack: RunningStack, person: Person) -> dict[str, Any]:
    """What is counted for somebody."""
    table = _dynamodb(stack).Table("chat4all-file-quotas")
    return dict(table.get_item(Key={"user_id": person.id}, ConsistentRead=True).get("Item", {}))


def _s3(stack: RunningStack) -> Any:
    return boto3.client("s3", endpoint_url=stack.url("aws"), **_KEYS)


def _dynamodb(stack: RunningStack) -> Any:
    return boto3.resource("dynamodb", endpoint_url=stack.url("aws"), **_KEYS)


def _files(s3: Any) -> str:
    return next(each["Name"] for each in s3.list_buckets()["Buckets"] if "-files-" in each["Name"])
