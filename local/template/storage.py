"""Tables and buckets: checked here, then given to the engines as CloudFormation has them.

Properties: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html and
aws-resource-s3-bucket.html
"""

from local.application import Bucket, Table
from local.template.context import Context, Properties

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
_INDEX_KNOWN = ("IndexName", "KeySchema", "Projection", "ProvisionedThroughput")
_INDEX_IGNORED = ("ContributorInsightsSpecification", "OnDemandThroughput", "WarmThroughput")
_BUCKET_KNOWN = (
    "BucketName", "CorsConfiguration", "LifecycleConfiguration", "NotificationConfiguration", "VersioningConfiguration",
)  # fmt: skip
_BUCKET_IGNORED = _INFORMATIVE | {
    "BucketEncryption": "data at rest are not encrypted here",
    "PublicAccessBlockConfiguration": "permissions are not enforced here",
    "OwnershipControls": "permissions are not enforced here",
    "AccessControl": "permissions are not enforced here",
    "LoggingConfiguration": "the stack keeps logs itself",
    "MetricsConfigurations": "the stack keeps metrics itself",
    "AnalyticsConfigurations": "the stack keeps metrics itself",
    "WebsiteConfiguration": "the stack serves S3's API and no websites",
    "AccelerateConfiguration": "the stack listens on loopback",
    "IntelligentTieringConfigurations": "nothing is billed here",
}
_CORS_RULE = ("AllowedHeaders", "AllowedMethods", "AllowedOrigins", "ExposedHeaders", "Id", "MaxAge")
_LIFECYCLE_RULE = ("Id", "Status", "Prefix", "ExpirationInDays", "AbortIncompleteMultipartUpload")


def read_tables(context: Context) -> tuple[Table, ...]:
    """Return the DynamoDB tables in the order of the template."""
    found: list[Table] = []
    for resource in context.of_type("AWS::DynamoDB::Table"):
        with context.problems.attempt():
            properties = context.read(resource, _TABLE_KNOWN, _TABLE_IGNORED)
            _check_table(context, properties)
            name = context.identities.name(resource)
            if any(table.name == name for table in found):
                raise properties.error(f"another table is named {name} too", "TableName")
            found.append(Table(resource.logical_id, name, properties.values))
    return tuple(found)


def _check_table(context: Context, properties: Properties) -> None:
    definitions = properties.parts("AttributeDefinitions")
    for each in definitions:
        each.only(("AttributeName", "AttributeType"))
        each.choice("AttributeType", ("S", "N", "B"))
    names = {each.text("AttributeName") for each in definitions}
    _check_keys(properties, names)
    for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        for index in properties.parts(kind):
            index.text("IndexName")
            for name in _INDEX_IGNORED:
                if index.values.pop(name, None) is not None:
                    context.ignore(f"AWS::DynamoDB::Table.{kind}.{name}", _TABLE_IGNORED[name])
            index.only(_INDEX_KNOWN)
            index.part("Projection", ("ProjectionType", "NonKeyAttributes")).text("ProjectionType")
            _check_throughput(index)
            _check_keys(index, names)
    _check_throughput(properties)
    if "StreamSpecification" in properties:
        properties.part("StreamSpecification", ("StreamViewType",)).text("StreamViewType")
    if "TimeToLiveSpecification" in properties:
        specification = properties.part("TimeToLiveSpecification", ("AttributeName", "Enabled"))
        if specification.boolean("Enabled", True):
            specification.text("AttributeName")


def _check_keys(properties: Properties, defined: set[str]) -> None:
    keys = properties.parts("KeySchema")
    if not keys:
        raise properties.error("KeySchema is required")
    for key in keys:
        key.only(("AttributeName", "KeyType"))
        key.choice("KeyType", ("HASH", "RANGE"))
        if key.text("AttributeName") not in defined:
            raise key.error(f"{key.text('AttributeName')} is not in AttributeDefinitions", "AttributeName")


def _check_throughput(properties: Properties) -> None:
    part = properties.part("ProvisionedThroughput", ("ReadCapacityUnits", "WriteCapacityUnits"))
    for name in part.values:
        part.integer(name, 0, 1, 1_000_000_000)


def read_buckets(context: Context) -> tuple[Bucket, ...]:
    """Return the S3 buckets in the order of the template."""
    found: list[Bucket] = []
    for resource in context.of_type("AWS::S3::Bucket"):
        with context.problems.attempt():
            properties = context.read(resource, _BUCKET_KNOWN, _BUCKET_IGNORED)
            _check_bucket(properties)
            name = context.identities.name(resource)
            if any(bucket.name == name for bucket in found):
                raise properties.error(f"another bucket is named {name} too", "BucketName")
            found.append(Bucket(resource.logical_id, name, properties.values))
    return tuple(found)


def _check_bucket(properties: Properties) -> None:
    for rule in properties.part("CorsConfiguration", ("CorsRules",)).parts("CorsRules"):
        rule.only(_CORS_RULE)
        rule.integer("MaxAge", 0, 0, 2_147_483_647)
        for name in ("AllowedMethods", "AllowedOrigins"):
            if not rule.texts(name):
                raise rule.error(f"{name} is required")
    for rule in properties.part("LifecycleConfiguration", ("Rules",)).parts("Rules"):
        rule.only(_LIFECYCLE_RULE)
        rule.choice("Status", ("Enabled", "Disabled"))
        rule.integer("ExpirationInDays", 1, 1, 2_147_483_647)
        upload = rule.part("AbortIncompleteMultipartUpload", ("DaysAfterInitiation",))
        upload.integer("DaysAfterInitiation", 1, 1, 2_147_483_647)
    versioning = properties.part("VersioningConfiguration", ("Status",))
    versioning.choice("Status", ("Enabled", "Suspended"), "Suspended")
