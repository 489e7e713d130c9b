"""Event source mappings of Kafka topics, on MSK and on self-managed clusters.

Limits: docs.aws.amazon.com/lambda/latest/dg/services-msk-parameters.html and kafka-on-failure.html
"""

from local.application import KafkaMapping
from local.event_source_mappings.event_pattern import InvalidPattern
from local.event_source_mappings.filtering import MAXIMUM_FILTERS, compile_filters
from local.template.context import Context, Properties
from local.template.resources import Resource

_KNOWN = (
    "FunctionName", "Topics", "EventSourceArn", "SelfManagedEventSource", "AmazonManagedKafkaEventSourceConfig",
    "SelfManagedKafkaEventSourceConfig", "StartingPosition", "StartingPositionTimestamp", "BatchSize",
    "MaximumBatchingWindowInSeconds", "Enabled", "ProvisionedPollerConfig", "MaximumRetryAttempts",
    "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "FunctionResponseTypes", "DestinationConfig",
    "FilterCriteria", "SourceAccessConfigurations",
)  # fmt: skip
_IGNORED = {
    "KmsKeyArn": "data at rest are not encrypted here",
    "MetricsConfig": "the stack keeps metrics itself",
    "LoggingConfig": "the stack keeps logs itself",
    "Tags": "informative",
}
_SCRAM = "SASL_SCRAM_512_AUTH"
_NEED_PROVISIONED = (
    "MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "FunctionResponseTypes",
    "DestinationConfig",
)  # fmt: skip


def read_kafka_mappings(context: Context) -> tuple[KafkaMapping, ...]:
    """Return the mappings in the order of the template."""
    found = []
    for resource in context.of_type("AWS::Lambda::EventSourceMapping"):
        with context.problems.attempt():
            found.append(_mapping(context, resource))
    return tuple(found)


def _mapping(context: Context, resource: Resource) -> KafkaMapping:
    if "Topics" not in resource.properties:
        raise Properties({}, resource.where()).error("only Kafka topics are event sources here")
    properties = context.read(resource, _KNOWN, _IGNORED)
    uuid = context.identities.unique_id(resource)
    provisioned = "ProvisionedPollerConfig" in properties
    properties.part("ProvisionedPollerConfig", ("MinimumPollers", "MaximumPollers", "PollerGroupName"))
    responses = properties.texts("FunctionResponseTypes")
    if any(each != "ReportBatchItemFailures" for each in responses):
        raise properties.error("only ReportBatchItemFailures is known", "FunctionResponseTypes")
    for name in _NEED_PROVISIONED:
        if name in properties and not provisioned:
            context.ignore(f"{resource.logical_id}.{name}", "has no effect without ProvisionedPollerConfig, as on AWS")
    topic = _topic(properties)
    position = properties.choice("StartingPosition", ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"))
    return KafkaMapping(
        logical_id=resource.logical_id,
        uuid=uuid,
        function=context.function_name(properties.text("FunctionName"), resource.where("FunctionName")),
        topic=topic,
        group_id=_group(properties, uuid),
        event_source_arn=_source(properties),
        starting_position=position,
        starting_position_timestamp=_timestamp(properties, position),
        batch_size=properties.integer("BatchSize", 100, 1, 10_000),
        batching_window_s=_window(properties),
        enabled=properties.boolean("Enabled", True),
        provisioned=provisioned,
        maximum_retry_attempts=properties.integer("MaximumRetryAttempts", -1, -1, 10_000),
        maximum_record_age_s=_record_age(properties),
        bisect_on_error=properties.boolean("BisectBatchOnFunctionError", False),
        report_batch_item_failures=bool(responses),
        on_failure_topic=_on_failure_topic(properties, topic),
        filter_patterns=_patterns(properties),
        scram_secret=_scram_secret(context, resource, properties),
    )


def _scram_secret(context: Context, resource: Resource, properties: Properties) -> str | None:
    """docs.aws.amazon.com/lambda/latest/api/API_SourceAccessConfiguration.html and msk-cluster-auth.html of its guide."""
    accesses = {each.text("Type"): each for each in properties.parts("SourceAccessConfigurations")}
    if context.endpoints.kafka_security == "none":
        if accesses:
            where = f"{resource.logical_id}.SourceAccessConfigurations"
            context.ignore(where, "the stack's own Kafka asks for no sign-in (--kafka-security scram lets it)")
        return None
    if _SCRAM not in accesses:
        raise properties.error(
            f"{_SCRAM} is required: Kafka asks for it (--kafka-security scram)", "SourceAccessConfigurations"
        )
    secret = accesses[_SCRAM].text("URI")
    if not secret.startswith("arn:") or ":secretsmanager:" not in secret:
        raise accesses[_SCRAM].error(f"{secret!r} is no ARN of a secret", "URI")
    if "EventSourceArn" in properties and ":secret:AmazonMSK_" not in secret:
        raise accesses[_SCRAM].error("MSK takes only secrets whose name begins with AmazonMSK_", "URI")
    return secret


def _topic(properties: Properties) -> str:
    topics = properties.texts("Topics")
    if len(topics) != 1:
        raise properties.error(f"a mapping has exactly one topic, not {len(topics)}", "Topics")
    return topics[0]


def _group(properties: Properties, uuid: str) -> str:
    for name in ("AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig"):
        if name in properties:
            return properties.part(name, ("ConsumerGroupId",)).text("ConsumerGroupId", uuid)
    return uuid


def _source(properties: Properties) -> str | None:
    managed, own = "EventSourceArn" in properties, "SelfManagedEventSource" in properties
    if managed == own:
        raise properties.error("one of EventSourceArn and SelfManagedEventSource is required")
    if own:
        endpoints = properties.part("SelfManagedEventSource", ("Endpoints",)).part("Endpoints")
        if not endpoints.texts("KafkaBootstrapServers") and not endpoints.texts("KAFKA_BOOTSTRAP_SERVERS"):
            raise endpoints.error("KafkaBootstrapServers is required")
        return None
    arn = properties.text("EventSourceArn")
    if not arn.startswith("arn:") or ":kafka:" not in arn:
        raise properties.error(f"{arn!r} is no ARN of an MSK cluster", "EventSourceArn")
    return arn


def _timestamp(properties: Properties, position: str) -> float | None:
    if position != "AT_TIMESTAMP":
        return None
    try:
        return float(properties.text("StartingPositionTimestamp"))
    except ValueError:
        raise properties.error("must be Unix time in seconds", "StartingPositionTimestamp") from None


def _window(properties: Properties) -> float:
    if "MaximumBatchingWindowInSeconds" not in properties:
        return 0.5
    return float(properties.integer("MaximumBatchingWindowInSeconds", 0, 0, 300))


def _record_age(properties: Properties) -> int:
    age = properties.integer("MaximumRecordAgeInSeconds", -1, -1, 604_800)
    if age != -1 and age < 60:
        raise properties.error("must be -1, or 60 to 604800", "MaximumRecordAgeInSeconds")
    return age


def _on_failure_topic(properties: Properties, source: str) -> str | None:
    part = properties.part("DestinationConfig", ("OnFailure",)).part("OnFailure", ("Destination",))
    destination = part.optional_text("Destination")
    if destination is None:
        return None
    if not destination.startswith("kafka://") or len(destination) == len("kafka://"):
        raise part.error(f"only kafka://topic is a destination here, not {destination!r}", "Destination")
    topic = destination.removeprefix("kafka://")
    if topic == source:
        raise part.error(f"the destination is the source topic {topic}, which would never end", "Destination")
    return topic


def _patterns(properties: Properties) -> tuple[str, ...]:
    criteria = properties.part("FilterCriteria", ("Filters",))
    filters = criteria.parts("Filters")
    if len(filters) > MAXIMUM_FILTERS:
        raise criteria.error(f"must be a list of at most {MAXIMUM_FILTERS} filters", "Filters")
    found = []
    for one in filters:
        one.only(("Pattern",))
        pattern = one.text("Pattern")
        try:
            compile_filters([pattern])
        except InvalidPattern as error:
            raise one.error(str(error), "Pattern") from error
        found.append(pattern)
    return tuple(found)
