"""What was acknowledged is there after kill -9 of the stack."""

import json

import pytest

from tests.conformance.aws_endpoint.served import Served


@pytest.mark.statement("endpoint.values-survive")
def test_values_and_logs_survive_a_kill(killed: Served) -> None:
    generated = killed.client("secretsmanager").get_secret_value(SecretId="conformance/generated")
    killed.client("ssm").put_parameter(Name="/kept", Value="kept", Type="SecureString")
    made = killed.client("secretsmanager").create_secret(Name="kept", SecretString="kept")
    killed.client("ssm").put_parameter(Name="/conformance/greeting", Value="changed by hand", Overwrite=True)
    killed.run("worker", lines=["before the kill"])
    killed.kill()
    killed.start()
    assert killed.client("ssm").get_parameter(Name="/kept", WithDecryption=True)["Parameter"]["Value"] == "kept"
    found = killed.client("secretsmanager").get_secret_value(SecretId=made["ARN"])
    assert (found["SecretString"], found["VersionId"]) == ("kept", made["VersionId"])
    again = killed.client("secretsmanager").get_secret_value(SecretId="conformance/generated")
    assert (again["VersionId"], again["SecretString"]) == (generated["VersionId"], generated["SecretString"])
    answer = killed.run("worker", lines=["after the kill"])
    assert answer["password"] == json.loads(generated["SecretString"])["password"]
    assert answer["greeting"] == "changed by hand"  # the template has not changed, so CloudFormation would not either
    events = killed.client("logs").filter_log_events(logGroupName="/aws/lambda/worker", filterPattern='"the kill"')
    assert [event["message"] for event in events["events"]] == ["before the kill\n", "after the kill\n"]
