"""Clients find the stack by their own settings."""

import json
import subprocess
import sys

import pytest

from tests.conformance.aws_endpoint.served import Served

_LOCALSTACK_CLIENT = """
import json, uuid
import localstack_client.session
session = localstack_client.session.Session()
name = str(uuid.uuid4())
session.client("s3").put_object(Bucket="conformance-bucket", Key=name, Body=b"x")
session.client("ssm").put_parameter(Name=name, Value="v", Type="String")
session.client("secretsmanager").create_secret(Name=name, SecretString="s")
gone = session.client("apigatewaymanagementapi")
try:
    gone.get_connection(ConnectionId="L0SM9cOFvHcCIhw=")
    code = ""
except gone.exceptions.GoneException as error:
    code = "GoneException"
print(json.dumps({
    "object": session.client("s3").get_object(Bucket="conformance-bucket", Key=name)["Body"].read().decode(),
    "parameter": session.client("ssm").get_parameter(Name=name)["Parameter"]["Value"],
    "secret": session.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"],
    "tables": session.client("dynamodb").list_tables()["TableNames"],
    "functions": len(session.client("lambda").list_functions()["Functions"]),
    "account": session.client("sts").get_caller_identity()["Account"],
    "connection": code,
}))
"""


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "LOCALSTACK_HOST"])
@pytest.mark.statement("endpoint.localstack-client")
def test_localstack_client(endpoint: Served, variable: str) -> None:
    """Its own keys are taken. It needs a setting here only because the stack of a test is on a port of its own."""
    port = endpoint.endpoints.aws_port
    environment = endpoint.environment()
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del environment[name]
    environment[variable] = endpoint.url if variable == "AWS_ENDPOINT_URL" else f"localhost:{port}"
    command = [sys.executable, "-W", "ignore", "-c", _LOCALSTACK_CLIENT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "object": "x",
        "parameter": "v",
        "secret": "s",
        "tables": ["conformance-table"],
        "functions": 6,
        "account": "000000000000",
        "connection": "GoneException",
    }


@pytest.mark.statement("endpoint.cli")
def test_the_cli_with_and_without_the_option(endpoint: Served) -> None:
    by_variable = endpoint.aws("lambda", "list-functions", "--output", "text")
    by_option = endpoint.aws(
        "--endpoint-url", endpoint.url, "lambda", "list-functions", "--output", "text", AWS_ENDPOINT_URL=""
    )
    assert by_variable.returncode == by_option.returncode == 0, by_variable.stderr + by_option.stderr
    assert by_variable.stdout == by_option.stdout


@pytest.mark.statement("endpoint.cli")
def test_the_cli_shows_errors(endpoint: Served) -> None:
    done = endpoint.aws("secretsmanager", "get-secret-value", "--secret-id", "none")
    assert done.returncode != 0
    assert "ResourceNotFoundException" in done.stderr
    assert "Secrets Manager can't find the specified secret." in done.stderr
