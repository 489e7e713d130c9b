import pytest

from local.endpoints import Endpoints
from local.template import TemplateError

CLUSTER = "arn:aws:kafka:us-east-1:000000000000:cluster/c/1"


def template(events: str) -> str:
    return f"""
        Resources:
          Pet:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: src
              Handler: app.handler
              Runtime: python3.13
              Events: {{E: {events}}}
    """


def msk(properties: str = "") -> str:
    return template(
        f"{{Type: MSK, Properties: {{Stream: '{CLUSTER}', Topics: [t], StartingPosition: TRIM_HORIZON{properties}}}}}"
    )


def test_an_msk_mapping_with_everything(load):
    (mapping,) = load(
        msk(
            ", ConsumerGroupId: g, BatchSize: 10, MaximumBatchingWindowInSeconds: 0, Enabled: false,"
            " ProvisionedPollerConfig: {MinimumPollers: 1}, MaximumRetryAttempts: 3, MaximumRecordAgeInSeconds: 60,"
            " BisectBatchOnFunctionError: true, FunctionResponseTypes: [ReportBatchItemFailures],"
            " DestinationConfig: {OnFailure: {Destination: 'kafka://dead'}},"
            """ FilterCriteria: {Filters: [{Pattern: '{"value":{"a":[1]}}'}]}"""
        )
    ).kafka_mappings
    assert (mapping.logical_id, mapping.function, mapping.topic, mapping.group_id) == ("PetE", "local-Pet", "t", "g")
    assert mapping.event_source_arn == CLUSTER
    assert (mapping.batch_size, mapping.batching_window_s, mapping.enabled) == (10, 0.0, False)
    assert (mapping.provisioned, mapping.maximum_retry_attempts, mapping.maximum_record_age_s) == (True, 3, 60)
    assert (mapping.bisect_on_error, mapping.report_batch_item_failures) == (True, True)
    assert (mapping.on_failure_topic, mapping.filter_patterns) == ("dead", ('{"value":{"a":[1]}}',))


def test_defaults_of_a_mapping_are_those_of_lambda_and_its_id_is_stable(load):
    first, second = (load(msk()).kafka_mappings[0] for _ in range(2))
    assert first == second
    assert (first.batch_size, first.batching_window_s, first.maximum_retry_attempts) == (100, 0.5, -1)
    assert first.group_id == first.uuid
    assert len(first.uuid) == 36


def test_a_self_managed_cluster_has_no_arn(load):
    application = load(
        template(
            "{Type: SelfManagedKafka, Properties: {KafkaBootstrapServers: ['k:9092'], Topics: [t], ConsumerGroupId: g,"
            " SourceAccessConfigurations: [{Type: SASL_SCRAM_512_AUTH,"
            " URI: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:k'}]}}"
        ).replace("Topics: [t]", "Topics: [t], StartingPosition: LATEST")
    )
    (mapping,) = application.kafka_mappings
    assert (mapping.event_source_arn, mapping.group_id, mapping.starting_position) == (None, "g", "LATEST")


SCRAM = Endpoints(kafka_security="scram")


def sign_in(uri: str, kind: str = "SASL_SCRAM_512_AUTH") -> str:
    return f", SourceAccessConfigurations: [{{Type: {kind}, URI: '{uri}'}}]"


def test_the_secret_of_a_mapping_counts_where_kafka_asks_for_sign_in(load):
    secret = "arn:aws:secretsmanager:us-east-1:000000000000:secret:AmazonMSK_k-AbCdEf"
    assert load(msk(sign_in(secret)), SCRAM).kafka_mappings[0].scram_secret == secret
    application = load(msk(sign_in(secret)))
    assert application.kafka_mappings[0].scram_secret is None
    assert "PetE.SourceAccessConfigurations" in {each.name for each in application.ignored}


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("", "SASL_SCRAM_512_AUTH is required: Kafka asks for it"),
        (
            sign_in("arn:aws:secretsmanager:us-east-1:000000000000:secret:s", "BASIC_AUTH"),
            "SASL_SCRAM_512_AUTH is required",
        ),
        (sign_in("AmazonMSK_k"), "'AmazonMSK_k' is no ARN of a secret"),
        (sign_in("arn:aws:secretsmanager:us-east-1:000000000000:secret:kafka"), "whose name begins with AmazonMSK_"),
    ],
)
def test_a_mapping_that_cannot_sign_in_is_refused(load, properties, message):
    with pytest.raises(TemplateError) as caught:
        load(msk(properties), SCRAM)
    assert message in str(caught.value)


def test_settings_without_provisioned_pollers_have_no_effect_and_are_named(load):
    application = load(msk(", MaximumRetryAttempts: 3"))
    assert not application.kafka_mappings[0].provisioned
    assert "PetE.MaximumRetryAttempts" in {each.name for each in application.ignored}


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        (", BatchSize: 10001", "PetE.BatchSize: must be 1 to 10000"),
        (", MaximumBatchingWindowInSeconds: 301", "must be 0 to 300"),
        (", DestinationConfig: {OnFailure: {Destination: 'arn:aws:sqs:us-east-1:1:q'}}", "only kafka://topic"),
        (", FilterCriteria: {Filters: [{Pattern: '{'}]}", "is not JSON"),
        (", FilterCriteria: {Filters: [{Pattern: '{\"key\":[1]}'}]}", "only `value` can be filtered"),
        (", MaximumRecordAgeInSeconds: 5", "must be -1, or 60 to 604800"),
        (", SchemaRegistryConfig: {SchemaRegistryURI: x}", "SchemaRegistryConfig"),
    ],
)
def test_mappings_that_lambda_or_the_stack_would_not_take(load, properties, message):
    with pytest.raises(TemplateError) as caught:
        load(msk(properties))
    assert message in str(caught.value)


STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026-01-01T00:00:00.000"


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("{Type: SQS, Properties: {Queue: 'arn:aws:sqs:us-east-1:1:q'}}", "PetE: only Kafka topics are event sources"),
        (
            f"{{Type: DynamoDB, Properties: {{Stream: '{STREAM}', StartingPosition: LATEST}}}}",
            "PetE: only Kafka topics are event sources",
        ),
    ],
    ids=["SQS", "DynamoDB"],
)
def test_other_event_sources_are_errors_with_name_and_line(load, event, message):
    with pytest.raises(TemplateError) as caught:
        load(template(event))
    assert message in str(caught.value)
    assert caught.value.line


def test_rules_and_schedules(load):
    application = load(
        template(
            "{Type: Schedule, Properties: {Schedule: rate(1 minute), Input: '{\"a\": 1}', Enabled: false}},"
            " S: {Type: ScheduleV2, Properties: {ScheduleExpression: 'cron(0 8 * * ? *)'}}"
        )
    )
    rule, schedule = application.schedules
    assert (rule.expression, rule.function, rule.input, rule.enabled) == (
        "rate(1 minute)",
        "local-Pet",
        '{"a": 1}',
        False,
    )
    assert rule.arn == f"arn:aws:events:us-east-1:000000000000:rule/{rule.name}"
    assert (schedule.expression, schedule.enabled, schedule.name) == ("cron(0 8 * * ? *)", True, "PetS")


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("{Type: Schedule, Properties: {Schedule: every minute}}", "is not of the form rate(5 minutes)"),
        ("{Type: Schedule, Properties: {Schedule: rate(0 minutes)}}", "is not of the form"),
        ("{Type: Schedule, Properties: {Schedule: rate(1 minute), Input: '{'}}", "is not JSON"),
        ("{Type: EventBridgeRule, Properties: {Pattern: {source: [a]}}}", "EventPattern"),
        (
            "{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), ScheduleExpressionTimezone: Asia/Edo}}",
            "no time zone",
        ),
        ("{Type: ScheduleV2, Properties: {ScheduleExpression: 'at(soon)'}}", "yyyy-mm-dd"),
        ("{Type: Schedule, Properties: {Schedule: 'at(2030-01-01T00:00:00)'}}", "is not of the form"),
        ("{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), StartDate: today}}", "StartDate"),
        (
            "{Type: Schedule, Properties: {Schedule: rate(1 day), DeadLetterConfig: {Arn: 'arn:aws:sqs:r:1:q'}}}",
            "DeadLetterConfig is not honoured",
        ),
    ],
)
def test_schedules_that_would_not_run(load, event, message):
    with pytest.raises(TemplateError) as caught:
        load(template(event))
    assert message in str(caught.value)
