"""What was acknowledged is there after kill -9 of the stack."""

import json

import pytest

from tests.conformance.aws_endpoint.served import Served


@pytest.mark.statement("endpoint.values-survive")
def test_values_and_logs_survive_a_kill(endpoint: Served) -> None:
    generated = endpoint.client("secretsmanager").get_secret_value(SecretId="conformance/generated")
    endpoint.client("ssm").put_parameter(Name="/kept", Value="kept", Type="SecureString")
    made = endpoint.client("secretsmanager").create_secret(Name="kept", SecretString="kept")
    endpoint.run("worker", lines=["before the kill"])
    endpoint.kill()
    endpoint.start()
    assert endpoint.client("ssm").get_parameter(Name="/kept", WithDecryption=True)["Parameter"]["Value"] == "kept"
    found = endpoint.client("secretsmanager").get_secret_value(SecretId=made["ARN"])
    assert (found["SecretString"], found["VersionId"]) == ("kept", made["VersionId"])
    again = endpoint.client("secretsmanager").get_secret_value(SecretId="conformance/generated")
    assert (again["VersionId"], again["SecretString"]) == (generated["VersionId"], generated["SecretString"])
    answer = endpoint.run("worker", lines=["after the kill"])
    assert answer["password"] == json.loads(generated["SecretString"])["password"]
    events = endpoint.client("logs").filter_log_events(logGroupName="/aws/lambda/worker", filterPattern='"the kill"')
    assert [event["message"] for event in events["events"]] == ["before the kill\n", "after the kill\n"]
