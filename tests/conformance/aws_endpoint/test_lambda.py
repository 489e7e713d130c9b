"""The Lambda API but for Invoke: functions and event source mappings."""

import pytest
from botocore.exceptions import ClientError

from tests.conformance.aws_endpoint.served import CLUSTER, LAMBDA, Served, until


@pytest.mark.statement("endpoint.list-functions")
def test_functions_are_listed_in_pages(endpoint: Served) -> None:
    client = endpoint.client("lambda")
    pages = list(client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2}))
    names = [function["FunctionName"] for page in pages for function in page["Functions"]]
    assert [len(page["Functions"]) for page in pages] == [2, 2, 2]
    assert names == sorted(names)
    assert {"worker", "reserved", "consumer", "rotate", "socket"} < set(names)
    assert [each["FunctionName"] for each in endpoint.aws_json("lambda", "list-functions")["Functions"]] == names
    for wrong in ({"Marker": "no such function"}, {"MaxItems": 10_001}):
        with pytest.raises(ClientError, match="InvalidParameterValueException"):
            client.list_functions(**wrong)


@pytest.mark.statement("endpoint.get-function")
def test_a_function(endpoint: Served) -> None:
    client = endpoint.client("lambda")
    found = client.get_function(FunctionName="reserved")
    assert found["Concurrency"] == {"ReservedConcurrentExecutions": 3}
    assert found["Tags"]["aws:cloudformation:logical-id"] == "ReservedFunction"
    assert client.list_tags(Resource=LAMBDA + "reserved")["Tags"] == found["Tags"]
    assert client.get_function_concurrency(FunctionName="reserved")["ReservedConcurrentExecutions"] == 3
    assert "ReservedConcurrentExecutions" not in client.get_function_concurrency(FunctionName="worker")
    for name in ("worker", LAMBDA + "worker", "000000000000:function:worker", "worker:$LATEST"):
        configuration = client.get_function_configuration(FunctionName=name)
        assert (configuration["Handler"], configuration["State"]) == ("app.handler", "Active")
    assert configuration["LoggingConfig"]["LogGroup"] == "/aws/lambda/worker"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.get_function_configuration(FunctionName="nobody")


@pytest.mark.statement("endpoint.account-settings")
def test_account_settings(endpoint: Served) -> None:
    found = endpoint.client("lambda").get_account_settings()
    assert found["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert found["AccountLimit"]["UnreservedConcurrentExecutions"] == 997
    assert found["AccountUsage"]["FunctionCount"] == 6


@pytest.mark.statement("endpoint.list-mappings")
def test_mappings_are_found(endpoint: Served) -> None:
    client = endpoint.client("lambda")

    def topics(**wanted: str) -> list[str]:
        found = client.list_event_source_mappings(**wanted)["EventSourceMappings"]
        return sorted(topic for mapping in found for topic in mapping["Topics"])

    assert topics() == topics(FunctionName="consumer") == topics(FunctionName=LAMBDA + "consumer")
    assert topics(EventSourceArn=CLUSTER) == ["orders", "returns"]
    assert topics(FunctionName="worker") == topics(EventSourceArn=CLUSTER + "0") == []
    first = client.list_event_source_mappings(MaxItems=1)
    second = client.list_event_source_mappings(MaxItems=1, Marker=first["NextMarker"])
    assert first["EventSourceMappings"] != second["EventSourceMappings"]
    assert "NextMarker" not in second


@pytest.mark.statement("endpoint.get-mapping")
def test_a_mapping(endpoint: Served) -> None:
    client = endpoint.client("lambda")
    listed = _mapping(endpoint, "orders")
    found = client.get_event_source_mapping(UUID=listed["UUID"])
    assert (found["State"], found["StateTransitionReason"], found["BatchSize"]) == ("Enabled", "USER_INITIATED", 10)
    assert found["EventSourceArn"] == CLUSTER
    assert found["EventSourceMappingArn"].endswith(f":event-source-mapping:{found['UUID']}")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.get_event_source_mapping(UUID="00000000-0000-4000-8000-000000000000")


@pytest.mark.statement("endpoint.update-mapping")
def test_a_mapping_is_switched_on_and_off(endpoint: Served) -> None:
    uuid = _mapping(endpoint, "returns")["UUID"]
    assert _mapping(endpoint, "returns")["State"] == "Disabled"
    endpoint.produce("returns", 3)
    changed = endpoint.aws_json("lambda", "update-event-source-mapping", "--uuid", uuid, "--enabled")
    assert changed["State"] in ("Enabling", "Enabled")
    until(lambda: _mapping(endpoint, "returns")["State"] == "Enabled")
    logs = endpoint.client("logs")
    until(lambda: len(_consumed(logs, "returns")) == 3)
    endpoint.aws_json("lambda", "update-event-source-mapping", "--uuid", uuid, "--no-enabled")
    until(lambda: _mapping(endpoint, "returns")["State"] == "Disabled")


@pytest.mark.statement("endpoint.update-mapping-refused")
def test_other_changes_of_a_mapping_are_refused(endpoint: Served) -> None:
    client, uuid = endpoint.client("lambda"), _mapping(endpoint, "orders")["UUID"]
    with pytest.raises(ClientError, match="takes BatchSize of ConsumerFunctionOrders from the template"):
        client.update_event_source_mapping(UUID=uuid, BatchSize=20)
    assert client.update_event_source_mapping(UUID=uuid, BatchSize=10)["BatchSize"] == 10
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.update_event_source_mapping(UUID="0" * 36, Enabled=True)


@pytest.mark.statement("endpoint.unknown-operation")
def test_other_operations_are_named(endpoint: Served) -> None:
    calls = {
        "lambda": ("delete_function", {"FunctionName": "worker"}),
        "logs": ("create_log_group", {"logGroupName": "mine"}),
        "ssm": ("describe_instance_information", {}),
        "secretsmanager": ("put_resource_policy", {"SecretId": "a", "ResourcePolicy": "{}"}),
        "kafka": ("delete_cluster", {"ClusterArn": CLUSTER}),
        "apigatewayv2": ("get_domain_names", {}),
        "cloudformation": ("delete_stack", {"StackName": "endpoint"}),
        "sts": ("get_session_token", {}),
        "sqs": ("list_queues", {}),
        "sns": ("list_topics", {}),
        "events": ("list_rules", {}),
    }
    for service, (operation, arguments) in calls.items():
        with pytest.raises(ClientError, match="The local stack does not offer") as caught:
            getattr(endpoint.client(service), operation)(**arguments)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
        assert caught.value.response["Error"]["Code"] == "NotImplementedException"


def _mapping(endpoint: Served, topic: str) -> dict[str, object]:
    found = endpoint.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    return next(mapping for mapping in found if mapping["Topics"] == [topic])


def _consumed(logs: object, topic: str) -> list[object]:
    name = {"logGroupName": "/aws/lambda/consumer", "filterPattern": f'"consumed {topic}"'}
    try:
        found: list[object] = logs.filter_log_events(**name)["events"]  # type: ignore[attr-defined]
    except ClientError:
        return []
    return found
