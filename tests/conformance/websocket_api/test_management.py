"""@connections, by boto3 and by hand."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from websockets.exceptions import ConnectionClosed

from tests.conformance.websocket_api.raw import TEXT, RawClient, frame
from tests.conformance.websocket_api.served import WITHIN_S, Event, Served, context_of

pytestmark = pytest.mark.engines

UNKNOWN = "BFHPhfCWIAMCKlQ="
MESSAGE = 128 * 1024


def call(url: str, method: str = "GET", body: bytes | None = None, *, signed: bool = True) -> tuple[int, Any, Any]:
    """Status, headers and JSON (None where there is no body) of one request that is sent as it is written."""
    request = AWSRequest(method, url, data=body or b"")
    if signed:
        SigV4Auth(Credentials("test", "test"), "execute-api", "us-east-1").add_auth(request)
    sent = urllib.request.Request(url, body, dict(request.headers.items()), method=method)
    try:
        with urllib.request.urlopen(sent, timeout=30) as response:
            status, headers, text = response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            status, headers, text = error.code, error.headers, error.read()
    return status, headers, json.loads(text) if text else None


@pytest.mark.statement("websocket.post")
@pytest.mark.parametrize("data", ["hello", "", "grüße 😀\0", "x" * MESSAGE], ids=["text", "empty", "unicode", "128-kb"])
def test_what_is_posted_arrives_as_text(served: Served, data: str) -> None:
    with served.connect() as client:
        context = context_of(client)
        answer = served.management(context).post_to_connection(ConnectionId=context["connectionId"], Data=data.encode())
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert client.recv(WITHIN_S) == data


@pytest.mark.statement("websocket.post-not-text")
def test_bytes_that_are_no_text_arrive_as_text_all_the_same(served: Served) -> None:
    with served.connect() as client:
        context = context_of(client)
        served.management(context).post_to_connection(ConnectionId=context["connectionId"], Data=b"a\xffb")
        assert client.recv(WITHIN_S) == "a\ufffdb"
        context_of(client)


@pytest.mark.statement("websocket.post")
def test_posts_arrive_in_their_order(served: Served) -> None:
    with served.connect() as client:
        context = context_of(client)
        management = served.management(context)
        for number in range(100):
            management.post_to_connection(ConnectionId=context["connectionId"], Data=str(number).encode())
        assert [client.recv(WITHIN_S) for _ in range(100)] == [str(number) for number in range(100)]


@pytest.mark.statement("websocket.post-size")
def test_more_than_128_kb_is_413(served: Served) -> None:
    with served.connect() as client:
        context = context_of(client)
        management = served.management(context)
        for size in (MESSAGE + 1, 9 * 1024 * 1024):
            with pytest.raises(management.exceptions.PayloadTooLargeException) as caught:
                management.post_to_connection(ConnectionId=context["connectionId"], Data=b"x" * size)
            assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
        context_of(client)


@pytest.mark.statement("websocket.post-during-connect")
def test_a_post_before_connect_has_answered_is_410(served: Served) -> None:
    with served.connect(query={"early": 1}) as client:
        event = served.event("CONNECT", context_of(client)["connectionId"])
    assert event["early"] == "GoneException"


@pytest.mark.statement("websocket.get")
def test_get_tells_of_the_connection(served: Served) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    with served.connect(user_agent_header="agent/1") as client:
        context = context_of(client)
        management = served.management(context)
        first = management.get_connection(ConnectionId=context["connectionId"])
        assert first["Identity"] == {"SourceIp": "127.0.0.1", "UserAgent": "agent/1"}
        connected = datetime.fromtimestamp(context["connectedAt"] / 1000, UTC)
        assert abs(first["ConnectedAt"] - connected) < timedelta(milliseconds=2)
        assert before <= first["ConnectedAt"] <= first["LastActiveAt"] <= datetime.now(UTC) + timedelta(seconds=1)
        client.ping().wait(WITHIN_S)
        context_of(client)
        second = management.get_connection(ConnectionId=context["connectionId"])
        assert second["ConnectedAt"] == first["ConnectedAt"]
        assert second["LastActiveAt"] > first["LastActiveAt"]
        url = f"{served.management_url(context)}/@connections/{quote(context['connectionId'], safe='')}"
        status, _, answer = call(url)
    assert status == 200
    assert answer.keys() == {"connectedAt", "lastActiveAt", "identity"}
    assert answer["connectedAt"].endswith("Z")


@pytest.mark.statement("websocket.delete", "websocket.gone")
def test_delete_closes_the_connection(served: Served) -> None:
    with served.connect() as client:
        context = context_of(client)
        connection_id = context["connectionId"]
        management = served.management(context)
        answer = management.delete_connection(ConnectionId=connection_id)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
        with pytest.raises(management.exceptions.GoneException):
            management.post_to_connection(ConnectionId=connection_id, Data=b"late")
        with pytest.raises(ConnectionClosed):
            client.recv(WITHIN_S)
        assert client.close_code == 1000
    told = served.event("DISCONNECT", connection_id)["requestContext"]
    assert (told["disconnectStatusCode"], told["disconnectReason"]) == (1000, "Connection Closed Normally")


@pytest.mark.statement("websocket.gone")
def test_a_connection_that_is_gone_is_410(served: Served) -> None:
    with served.connect() as client:
        context = context_of(client)
    served.event("DISCONNECT", context["connectionId"])
    management = served.management(context)
    for connection_id in (context["connectionId"], UNKNOWN):
        for request in (
            lambda: management.post_to_connection(ConnectionId=connection_id, Data=b"x"),  # noqa: B023
            lambda: management.get_connection(ConnectionId=connection_id),  # noqa: B023
            lambda: management.delete_connection(ConnectionId=connection_id),  # noqa: B023
        ):
            with pytest.raises(management.exceptions.GoneException) as caught:
                request()
            metadata = caught.value.response["ResponseMetadata"]
            assert metadata["HTTPStatusCode"] == 410
            assert metadata["HTTPHeaders"]["x-amzn-errortype"] == "GoneException"


@pytest.mark.statement("websocket.malformed-id")
@pytest.mark.parametrize("connection_id", ["x", "not-an-id", "QUJD", UNKNOWN + "=", "ü", "../../etc", "%00"])
def test_a_malformed_id_is_400(served: Served, connection_id: str) -> None:
    with served.connect() as client:
        management = served.management(context_of(client))
    with pytest.raises(ClientError) as caught:
        management.post_to_connection(ConnectionId=connection_id, Data=b"x")
    response = caught.value.response
    assert (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]) == (400, "BadRequestException")
    assert connection_id in response["Error"]["Message"]


@pytest.mark.statement("websocket.unsigned")
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_without_a_signature_it_is_403(served: Served, method: str) -> None:
    with served.connect() as client:
        context = context_of(client)
        url = f"{served.management_url(context)}/@connections/{quote(context['connectionId'], safe='')}"
        status, headers, answer = call(url, method, b"x" if method == "POST" else None, signed=False)
        assert (status, answer) == (403, {"message": "Missing Authentication Token"})
        assert headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
        context_of(client)


@pytest.mark.statement("websocket.connections-path")
def test_ids_may_be_written_with_and_without_percent_signs(served: Served) -> None:
    """Ids with `/`, `+` and `=`, as they are and as SDKs write them."""
    found = ""
    while not all(character in found for character in "/+="):
        with served.connect() as client:
            context = context_of(client)
            found = context["connectionId"]
            if not all(character in found for character in "/+="):
                continue
            for written in (found, quote(found, safe=""), quote(found, safe="=")):
                for word in ("@connections", "%40connections"):
                    status, _, _ = call(f"{served.management_url(context)}/{word}/{written}", "POST", b"x")
                    assert (status, client.recv(WITHIN_S)) == (200, "x")


@pytest.mark.statement("websocket.connections-path")
def test_another_stage_api_or_method_is_403(served: Served) -> None:
    with served.connect() as client:
        context = context_of(client)
        base = served.management_url(context)
        tail = f"@connections/{quote(context['connectionId'], safe='')}"
        for url in (f"{base}x/{tail}", f"{base.replace(context['apiId'], 'aaaaaaaaaa')}/{tail}"):
            status, headers, answer = call(url)
            assert (status, answer) == (403, {"message": "Forbidden"})
            assert headers["x-amzn-ErrorType"] == "ForbiddenException"
        for url, method in ((f"{base}/{tail}", "PUT"), (f"{base}/@connections/", "GET"), (base, "GET")):
            assert call(url, method, b"x" if method == "PUT" else None)[0] == 403


@pytest.mark.statement("websocket.gone")
def test_a_connection_is_known_to_its_own_api_only(served: Served) -> None:
    with served.connect() as client, served.connect("Bare") as other:
        management = served.management(context_of(client))
        with pytest.raises(management.exceptions.GoneException):
            management.post_to_connection(ConnectionId=context_of(other)["connectionId"], Data=b"x")


@pytest.mark.statement("websocket.post-buffer-full")
def test_a_client_that_reads_nothing_fills_its_buffer_and_no_more(served: Served) -> None:
    """4 KB a post; those that were accepted arrive when it reads again."""
    with RawClient(served.port("Bare"), buffer=4096) as client:
        client.send(frame(TEXT, b'{"event": 1, "silent": 1}'))
        context = json.loads(client.receive()[2])["requestContext"]
        management = served.management(context)
        before = served.process.memory_info().rss
        outcomes = [
            post_status(management, context["connectionId"], str(number).ljust(4096)) for number in range(5_000)
        ]
        assert set(outcomes) == {200, 429}
        assert outcomes[-1_000:] == [429] * 1_000
        assert served.process.memory_info().rss - before < 32 * 1024 * 1024
        got = [client.receive() for _ in range(outcomes.count(200))]
        assert {(opcode, final) for opcode, final, _ in got} == {(TEXT, True)}
        numbers = [int(payload) for _, _, payload in got]
        assert numbers == [number for number, status in enumerate(outcomes) if status == 200]
        assert post_status(management, context["connectionId"], "again") == 200
        assert client.receive()[2] == b"again"


def post_status(management: Any, connection_id: str, text: str) -> int:
    try:
        answer = management.post_to_connection(ConnectionId=connection_id, Data=text.encode())
    except management.exceptions.LimitExceededException as error:
        answer = error.response
    return int(answer["ResponseMetadata"]["HTTPStatusCode"])


@pytest.mark.statement("websocket.post", "websocket.get", "websocket.delete", "websocket.gone")
def test_the_command_line_of_aws(served: Served) -> None:
    with served.connect() as client:
        context = context_of(client)
        assert aws(served, context, "post-to-connection", "--data", "fileb:///dev/stdin", told=b"hello").returncode == 0
        assert client.recv(WITHIN_S) == "hello"
        answer = json.loads(aws(served, context, "get-connection").stdout)
        assert answer["Identity"]["SourceIp"] == "127.0.0.1"
        assert aws(served, context, "delete-connection").returncode == 0
        with pytest.raises(ConnectionClosed):
            client.recv(WITHIN_S)
    gone = aws(served, context, "get-connection")
    assert gone.returncode != 0
    assert b"(GoneException) when calling the GetConnection operation" in gone.stderr


def aws(
    served: Served, context: Event, command: str, *options: str, told: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    """A command of the AWS command line, as a person types it."""
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    where = ["--endpoint-url", served.management_url(context), "--connection-id", context["connectionId"]]
    return subprocess.run(
        [Path(sys.executable).with_name("aws"), "apigatewaymanagementapi", command, *where, *options],
        input=told,
        capture_output=True,
        timeout=60,
        env={**os.environ, **credentials},
    )
