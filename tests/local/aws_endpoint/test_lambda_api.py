import base64
import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.aws_endpoint.conftest import Running

ARN = "arn:aws:lambda:us-east-1:000000000000:function:echo"


def error_of(call: Any, *arguments: Any, **keywords: Any) -> tuple[int, str, str]:
    """Status, code and message of a call that has to fail."""
    with pytest.raises(ClientError) as caught:
        call(*arguments, **keywords)
    response = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]


@pytest.mark.parametrize("name", ["echo", "echo:$LATEST", ARN, f"{ARN}:$LATEST", "000000000000:function:echo"])
def test_invoke(running: Running, name: str) -> None:
    answer = running.client("lambda").invoke(FunctionName=name, Payload=b'{"a": 1}', LogType="Tail")
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert json.load(answer["Payload"]) == {"event": {"a": 1}, "custom": None}
    log = base64.b64decode(answer["LogResult"]).decode()
    assert "seen {'a': 1}" in log
    assert answer["ResponseMetadata"]["RequestId"] in log


def test_invoke_without_payload_and_with_context(running: Running) -> None:
    context = base64.b64encode(b'{"custom": {"k": "v"}}').decode()
    answer = running.client("lambda").invoke(FunctionName="echo", ClientContext=context, Qualifier="$LATEST")
    assert json.load(answer["Payload"]) == {"event": {}, "custom": {"k": "v"}}
    assert "LogResult" not in answer


def test_function_error(running: Running) -> None:
    answer = running.client("lambda").invoke(FunctionName="echo", Payload=b'"fail"')
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    error = json.load(answer["Payload"])
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "as asked")


def test_event_and_dry_run(running: Running, tmp_path: Path) -> None:
    client, marker = running.client("lambda"), tmp_path / "ran"
    payload = json.dumps({"write": str(marker)})
    assert client.invoke(FunctionName="echo", InvocationType="DryRun", Payload=payload)["StatusCode"] == 204
    assert client.invoke(FunctionName="echo", InvocationType="Event", Payload=payload)["StatusCode"] == 202
    deadline = time.monotonic() + 10
    while not marker.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_refusals(running: Running) -> None:
    client = running.client("lambda")
    not_found = f"Function not found: {ARN.removesuffix('echo')}"
    assert error_of(client.invoke, FunctionName="none") == (404, "ResourceNotFoundException", f"{not_found}none")
    assert error_of(client.invoke, FunctionName="echo", Qualifier="7")[:2] == (404, "ResourceNotFoundException")
    assert error_of(client.invoke, FunctionName="a b")[:2] == (400, "ValidationException")
    status, code, message = error_of(client.invoke, FunctionName="echo", Payload=b"{a")
    assert (status, code) == (400, "InvalidRequestContentException")
    assert message.startswith("Could not parse request body into json")
    assert error_of(client.invoke, FunctionName="off") == (429, "TooManyRequestsException", "Rate Exceeded.")
    assert error_of(client.invoke, FunctionName="echo", InvocationType="Soon")[:2] == (400, "ValidationException")
    assert error_of(client.invoke, FunctionName="echo", ClientContext="é")[0] == 400
    for size in (6_291_457, 8_000_000):
        status, code, message = error_of(client.invoke, FunctionName="echo", Payload=b'"' + b"a" * (size - 2) + b'"')
        assert (status, code) == (413, "RequestTooLargeException")
        assert "6291456 bytes" in message
    large = b'"' + b"a" * 1_048_576 + b'"'
    assert error_of(client.invoke, FunctionName="echo", InvocationType="Event", Payload=large)[0] == 413
    assert error_of(client.delete_function, FunctionName="echo")[:2] == (501, "NotImplementedException")


def test_reads(running: Running) -> None:
    client = running.client("lambda")
    assert [function["FunctionName"] for function in client.list_functions()["Functions"]] == ["echo", "off"]
    pages = client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1})
    assert [[function["FunctionName"] for function in page["Functions"]] for page in pages] == [["echo"], ["off"]]
    configuration = client.get_function_configuration(FunctionName="echo")
    assert configuration["Environment"] == {"Variables": {"A": "b"}}
    assert client.get_function(FunctionName=ARN)["Configuration"]["Handler"] == "app.handler"
    assert client.get_function(FunctionName="off")["Concurrency"] == {"ReservedConcurrentExecutions": 0}
    (mapping,) = client.list_event_source_mappings(FunctionName="echo")["EventSourceMappings"]
    assert (mapping["UUID"], mapping["Topics"], mapping["FunctionArn"]) == ("u-u-i-d", ["topic"], ARN)
    assert client.list_event_source_mappings(FunctionName="off")["EventSourceMappings"] == []
    assert client.get_waiter("function_active_v2").wait(FunctionName="echo") is None


def test_unsigned_is_refused(running: Running) -> None:
    request = urllib.request.Request(f"{running.endpoints.aws_url}/2015-03-31/functions/echo/invocations", b"{}")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)
    with caught.value as answer:
        assert answer.status == 403
        assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
        assert json.load(answer) == {"message": "Missing Authentication Token"}
