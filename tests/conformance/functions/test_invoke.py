"""The Invoke operation, as boto3, localstack-client, the aws CLI and a plain HTTP client see it."""

import base64
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import localstack_client.session
import pytest
from botocore.exceptions import ClientError

from tests.conformance.functions.conftest import Functions, eventually

ARN = "arn:aws:lambda:us-east-1:000000000000:function:actions"


def refused(call: Any, **arguments: Any) -> tuple[int, dict[str, Any]]:
    """Status and error of a call that has to be refused."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response: Any = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response


@pytest.mark.statement("invoke.request-response")
def test_request_response(functions: Functions) -> None:
    answer = functions.client().invoke(FunctionName="actions", Payload=b'{"a": "\xc3\xa9"}')
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in answer
    assert json.load(answer["Payload"]) == {"a": "é"}


@pytest.mark.statement("invoke.event")
def test_event(functions: Functions) -> None:
    answer = functions.client().invoke(
        FunctionName="actions", InvocationType="Event", Payload=json.dumps({"do": "mark", "file": "event"})
    )
    assert answer["StatusCode"] == 202
    assert answer["Payload"].read() == b""
    ran = functions.folder / "event"
    eventually(ran.exists)
    assert ran.read_text() == answer["ResponseMetadata"]["RequestId"]


@pytest.mark.statement("invoke.dry-run")
def test_dry_run(functions: Functions) -> None:
    before = functions.result("look", "patient")["calls"]
    answer = functions.client().invoke(FunctionName="patient", InvocationType="DryRun", Payload=b"{}")
    assert (answer["StatusCode"], answer["Payload"].read()) == (204, b"")
    assert functions.result("look", "patient")["calls"] == before + 1


@pytest.mark.statement("invoke.names")
@pytest.mark.parametrize(
    "name", ["actions", "actions:$LATEST", ARN, f"{ARN}:$LATEST", "000000000000:function:actions", "function:actions"]
)
def test_names(functions: Functions, name: str) -> None:
    assert functions.invoke(name, 1).payload == 1


@pytest.mark.statement("invoke.empty-payload")
def test_no_payload(functions: Functions) -> None:
    assert json.load(functions.client().invoke(FunctionName="actions", Qualifier="$LATEST")["Payload"]) == {}


@pytest.mark.statement("invoke.tail")
def test_tail(functions: Functions) -> None:
    answer = functions.do("print_much", lines=200, width=100)
    assert len(answer.log) == 4096
    assert answer.log.endswith("MB\t\n")
    assert "LogResult" not in functions.client().invoke(FunctionName="actions", LogType="None")


@pytest.mark.statement("invoke.client-context")
def test_client_context(functions: Functions) -> None:
    context = base64.b64encode(b'{"custom": {"k": "v"}}').decode()
    answer = functions.invoke("actions", {"do": "context_fields"}, ClientContext=context)
    assert answer.payload["client_context"] == {"k": "v"}
    status, error = refused(functions.client().invoke, FunctionName="actions", ClientContext="no base64")
    assert (status, error["Error"]["Code"]) == (400, "InvalidRequestContentException")


@pytest.mark.statement("invoke.not-found")
@pytest.mark.parametrize("kind", ["RequestResponse", "Event", "DryRun"])
def test_not_found(functions: Functions, kind: str) -> None:
    client = functions.client()
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.invoke(FunctionName="nowhere", InvocationType=kind)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert str(caught.value).endswith(f"Function not found: {ARN.replace('actions', 'nowhere')}")


@pytest.mark.statement("invoke.invalid-content")
@pytest.mark.parametrize("kind", ["RequestResponse", "Event"])
def test_invalid_content(functions: Functions, kind: str) -> None:
    client = functions.client()
    with pytest.raises(
        client.exceptions.InvalidRequestContentException, match="Could not parse request body"
    ) as caught:
        client.invoke(FunctionName="actions", InvocationType=kind, Payload=b"{'a'")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.statement("invoke.too-large")
@pytest.mark.parametrize(("kind", "most"), [("RequestResponse", 6_291_456), ("Event", 1_048_576)])
def test_too_large(functions: Functions, kind: str, most: int) -> None:
    client = functions.client()
    with pytest.raises(client.exceptions.RequestTooLargeException) as caught:
        client.invoke(FunctionName="off", InvocationType=kind, Payload=b'"' + b"a" * (most - 1) + b'"')
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert f"Request must be smaller than {most} bytes" in str(caught.value)


@pytest.mark.statement("invoke.too-large")
def test_as_large_as_may_be(functions: Functions) -> None:
    event = "a" * (6_291_456 - 2)
    assert functions.invoke("actions", event).payload == event


@pytest.mark.statement("invoke.too-many", "lambda.reserved-concurrency")
def test_too_many(functions: Functions) -> None:
    client = functions.client()
    with pytest.raises(client.exceptions.TooManyRequestsException) as caught:
        client.invoke(FunctionName="off")
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert response["Error"]["Message"] == "Rate Exceeded."


@pytest.mark.statement("invoke.credentials")
def test_without_a_signature(functions: Functions) -> None:
    url = f"{functions.endpoints.aws_url}/2015-03-31/functions/actions/invocations"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url, b"{}", timeout=30)
    with caught.value as error:
        assert error.status == 403
        assert error.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


@pytest.mark.statement("invoke.clients")
def test_localstack_client(functions: Functions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", functions.endpoints.aws_url)
    client = localstack_client.session.Session().client("lambda")
    assert json.load(client.invoke(FunctionName="actions", Payload=b"[1]")["Payload"]) == [1]


@pytest.mark.statement("invoke.clients")
def test_aws_cli(functions: Functions, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("aws")), "--endpoint-url", functions.endpoints.aws_url, "lambda", "invoke",
        "--function-name", "actions", "--payload", '{"do": "fail"}', "--log-type", "Tail", str(tmp_path / "answer"),
    ]  # fmt: skip
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(command, env={**os.environ, **credentials}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["StatusCode"], said["FunctionError"], said["ExecutedVersion"]) == (200, "Unhandled", "$LATEST")
    assert b"REPORT RequestId" in base64.b64decode(said["LogResult"])
    assert json.loads((tmp_path / "answer").read_text())["errorType"] == "ValueError"
