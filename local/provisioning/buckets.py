"""S3 buckets, from CloudFormation's properties to the S3 API.

Property names: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from local.application import Bucket
from local.provisioning.errors import ProvisioningError

Client = Any
"""A boto3 S3 client."""

_CORS = {
    "AllowedHeaders": "AllowedHeaders",
    "AllowedMethods": "AllowedMethods",
    "AllowedOrigins": "AllowedOrigins",
    "ExposedHeaders": "ExposeHeaders",
    "Id": "ID",
}
_LIFECYCLE = ("Id", "Status", "Prefix", "ExpirationInDays", "AbortIncompleteMultipartUpload")


def ensure_bucket(client: Client, bucket: Bucket) -> list[str]:
    """Make a bucket if it is not there and give it its rules; return notes, also of what the engine refused.

    Raises:
        ProvisioningError: a rule has a property that is not known here.
    """
    names = [each["Name"] for each in client.list_buckets()["Buckets"]]
    notes = []
    if bucket.name not in names:
        client.create_bucket(Bucket=bucket.name)
        notes.append(f"made bucket {bucket.name}")
    cors = bucket.properties.get("CorsConfiguration")
    if cors:
        rules = {"CORSRules": [cors_rule(bucket, rule) for rule in cors["CorsRules"]]}
        notes += _try(
            client, bucket, "CORS", lambda: client.put_bucket_cors(Bucket=bucket.name, CORSConfiguration=rules)
        )
    elif bucket.name in names:
        notes += _try(client, bucket, "removal of CORS", lambda: client.delete_bucket_cors(Bucket=bucket.name))
    lifecycle = bucket.properties.get("LifecycleConfiguration")
    if lifecycle:
        configuration = {"Rules": [lifecycle_rule(bucket, rule) for rule in lifecycle["Rules"]]}
        put = client.put_bucket_lifecycle_configuration
        notes += _try(
            client, bucket, "lifecycle", lambda: put(Bucket=bucket.name, LifecycleConfiguration=configuration)
        )
    elif bucket.name in names:
        notes += _try(
            client, bucket, "removal of lifecycle", lambda: client.delete_bucket_lifecycle(Bucket=bucket.name)
        )
    versioning = bucket.properties.get("VersioningConfiguration")
    if versioning:
        status = {"Status": versioning["Status"]}
        put_versioning = client.put_bucket_versioning
        notes += _try(
            client, bucket, "versioning", lambda: put_versioning(Bucket=bucket.name, VersioningConfiguration=status)
        )
    return notes


def cors_rule(bucket: Bucket, rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule of PutBucketCors."""
    made: dict[str, Any] = {}
    for name, value in rule.items():
        if name == "MaxAge":
            made["MaxAgeSeconds"] = int(value)
        elif name in _CORS:
            made[_CORS[name]] = value
        else:
            raise _unknown(bucket, f"CorsConfiguration.CorsRules.{name}")
    return made


def lifecycle_rule(bucket: Bucket, rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule of PutBucketLifecycleConfiguration: expiry, and uploads that were never completed."""
    for name in rule:
        if name not in _LIFECYCLE:
            raise _unknown(bucket, f"LifecycleConfiguration.Rules.{name}")
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


def _unknown(bucket: Bucket, name: str) -> ProvisioningError:
    return ProvisioningError(f"bucket {bucket.name} ({bucket.logical_id}): {name} is not honoured here")
