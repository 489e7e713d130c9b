"""S3 buckets, from CloudFormation's properties to the S3 API.

Property names: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from local.application import Bucket

Client = Any
"""A boto3 S3 client."""

_CORS = {
    "AllowedHeaders": "AllowedHeaders",
    "AllowedMethods": "AllowedMethods",
    "AllowedOrigins": "AllowedOrigins",
    "ExposedHeaders": "ExposeHeaders",
    "Id": "ID",
}


def ensure_bucket(client: Client, bucket: Bucket) -> list[str]:
    """Make a bucket if it is not there and give it its rules; return notes, also of what the engine refused."""
    name, properties = bucket.name, bucket.properties
    existed = name in [each["Name"] for each in client.list_buckets()["Buckets"]]
    notes = []
    if not existed:
        client.create_bucket(Bucket=name)
        notes.append(f"made bucket {name}")
    if cors := properties.get("CorsConfiguration"):
        rules = {"CORSRules": [cors_rule(rule) for rule in cors["CorsRules"]]}
        put = partial(client.put_bucket_cors, Bucket=name, CORSConfiguration=rules)
        notes += _try(client, bucket, "CORS", put)
    elif existed:
        notes += _try(client, bucket, "removal of CORS", partial(client.delete_bucket_cors, Bucket=name))
    if lifecycle := properties.get("LifecycleConfiguration"):
        configuration = {"Rules": [lifecycle_rule(rule) for rule in lifecycle["Rules"]]}
        put = partial(client.put_bucket_lifecycle_configuration, Bucket=name, LifecycleConfiguration=configuration)
        notes += _try(client, bucket, "lifecycle", put)
    elif existed:
        notes += _try(client, bucket, "removal of lifecycle", partial(client.delete_bucket_lifecycle, Bucket=name))
    if versioning := properties.get("VersioningConfiguration"):
        status = {"Status": versioning["Status"]}
        put = partial(client.put_bucket_versioning, Bucket=name, VersioningConfiguration=status)
        notes += _try(client, bucket, "versioning", put)
    return notes


def cors_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule of PutBucketCors."""
    made: dict[str, Any] = {_CORS[name]: value for name, value in rule.items() if name != "MaxAge"}
    return made | ({"MaxAgeSeconds": int(rule["MaxAge"])} if "MaxAge" in rule else {})


def lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule of PutBucketLifecycleConfiguration: expiry, and uploads that were never completed."""
    made: dict[str, Any] = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if "Id" in rule:
        made["ID"] = rule["Id"]
    if "ExpirationInDays" in rule:
        made["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
    if "AbortIncompleteMultipartUpload" in rule:
        days = int(rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
        made["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": days}
    return made


def _try(client: Client, bucket: Bucket, what: str, call: Callable[[], object]) -> list[str]:
    try:
        call()
    except client.exceptions.ClientError as error:
        return [f"bucket {bucket.name} is without {what}, which the S3 engine refused: {error}"]
    return []
