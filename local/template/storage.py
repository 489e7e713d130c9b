"""Tables and buckets: their properties go to the engines as CloudFormation has them."""

from local.application import Bucket, Table
from local.template.context import Context

_INFORMATIVE = {"Tags": "informative"}
_TABLE_KNOWN = (
    "TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput",
    "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "StreamSpecification", "TimeToLiveSpecification",
)  # fmt: skip
_TABLE_IGNORED = _INFORMATIVE | {
    "SSESpecification": "data at rest are not encrypted here",
    "PointInTimeRecoverySpecification": "the stack makes no backups",
    "ContributorInsightsSpecification": "the stack keeps metrics itself",
    "DeletionProtectionEnabled": "the stack never deletes a table but by --fresh",
    "TableClass": "nothing is billed here",
    "OnDemandThroughput": "capacity is that of this machine",
    "WarmThroughput": "capacity is that of this machine",
    "ResourcePolicy": "permissions are not enforced here",
}
_BUCKET_KNOWN = ("BucketName", "CorsConfiguration", "LifecycleConfiguration", "VersioningConfiguration")
_BUCKET_IGNORED = _INFORMATIVE | {
    "BucketEncryption": "data at rest are not encrypted here",
    "PublicAccessBlockConfiguration": "permissions are not enforced here",
    "OwnershipControls": "permissions are not enforced here",
    "AccessControl": "permissions are not enforced here",
    "LoggingConfiguration": "the stack keeps logs itself",
    "MetricsConfigurations": "the stack keeps metrics itself",
    "AnalyticsConfigurations": "the stack keeps metrics itself",
    "AccelerateConfiguration": "the stack listens on loopback",
    "IntelligentTieringConfigurations": "nothing is billed here",
}


def read_tables(context: Context) -> tuple[Table, ...]:
    """Return the DynamoDB tables in the order of the template."""
    found: list[Table] = []
    for resource in context.of_type("AWS::DynamoDB::Table"):
        properties = context.read(resource, _TABLE_KNOWN, _TABLE_IGNORED)
        for name in ("KeySchema", "AttributeDefinitions"):
            if not properties.values.get(name):
                raise properties.error(f"{name} is required")
        name = context.identities.name(resource)
        if any(table.name == name for table in found):
            raise properties.error(f"another table is named {name} too", "TableName")
        found.append(Table(resource.logical_id, name, properties.values))
    return tuple(found)


def read_buckets(context: Context) -> tuple[Bucket, ...]:
    """Return the S3 buckets in the order of the template."""
    found = []
    for resource in context.of_type("AWS::S3::Bucket"):
        properties = context.read(resource, _BUCKET_KNOWN, _BUCKET_IGNORED)
        found.append(Bucket(resource.logical_id, context.identities.name(resource), properties.values))
    return tuple(found)
