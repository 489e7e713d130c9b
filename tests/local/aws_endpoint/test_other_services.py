import io
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from tests.local.aws_endpoint.conftest import OPEN, Running
from tests.local.aws_endpoint.test_lambda_api import error_of


def connections(running: Running, api: str = "abc123", stage: str = "live"):
    return running.client("apigatewaymanagementapi", endpoint_url=running.endpoints.execute_api_url(api, stage))


def test_connections(running: Running) -> None:
    client = connections(running)
    client.post_to_connection(ConnectionId=OPEN, Data=b'{"a": "\xc3\xa9"}')
    client.post_to_connection(ConnectionId=OPEN, Data=b"a" * 131_072)
    assert [len(data) for data in running.sockets.sent] == [11, 131_072]
    info = client.get_connection(ConnectionId=OPEN)
    assert info["Identity"] == {"SourceIp": "192.0.2.1", "UserAgent": "test"}
    assert info["ConnectedAt"].isoformat() == "2026-01-02T03:04:05.678000+00:00"
    client.delete_connection(ConnectionId=OPEN)
    assert running.sockets.deleted == [OPEN]


def test_refusals_of_connections(running: Running) -> None:
    client = connections(running)
    with pytest.raises(client.exceptions.GoneException) as gone:
        client.post_to_connection(ConnectionId="BFHPhfCWIAMCKlR=", Data=b"")
    assert gone.value.response["ResponseMetadata"]["HTTPStatusCode"] == 410
    for data in (b"a" * 131_073, b"a" * 8_000_000):
        with pytest.raises(client.exceptions.PayloadTooLargeException):
            client.post_to_connection(ConnectionId=OPEN, Data=data)
    assert error_of(client.get_connection, ConnectionId="malformed")[:2] == (400, "BadRequestException")
    for other in (connections(running, stage="dev"), connections(running, api="none")):
        with pytest.raises(other.exceptions.ForbiddenException):
            other.get_connection(ConnectionId=OPEN)
    url = f"{running.endpoints.execute_api_url('abc123', 'live')}/@connections/x"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(url, timeout=10)


def test_dynamodb_passes_through(running: Running) -> None:
    assert running.client("dynamodb").list_tables()["TableNames"] == ["from the engine"]
    method, path, headers, body = running.engine.requests[-1]
    assert (method, path, body) == ("POST", "/", b"{}")
    assert headers["host"] == f"127.0.0.1:{running.endpoints.aws_port}"
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=test/")


def test_s3_passes_through(running: Running) -> None:
    client = running.client("s3", config={"s3": {"addressing_style": "path"}})
    client.put_object(Bucket="bucket", Key="a b/ü", Body=b"x" * 300_000)
    method, path, headers, body = running.engine.requests[-1]
    assert (method, path) == ("PUT", "/bucket/a%20b/%C3%BC")
    assert headers["host"] == f"127.0.0.1:{running.endpoints.aws_port}"
    assert "expect" not in headers
    assert b"x" * 65_536 in body
    assert client.get_object(Bucket="bucket", Key="k")["Body"].read() == b"from the engine"
    client.head_object(Bucket="bucket", Key="k")
    client.upload_fileobj(io.BytesIO(b"streamed"), "bucket", "k")


def test_presigned_and_preflight_reach_s3(running: Running) -> None:
    for version, parameter in (("s3v4", "X-Amz-Signature="), ("s3", "&Signature=")):
        client = running.client("s3", config={"signature_version": version})
        url = client.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "k"})
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.read() == b"from the engine"
        assert parameter in running.engine.requests[-1][1]
    headers = {"Origin": "http://x", "Access-Control-Request-Method": "PUT"}
    preflight = urllib.request.Request(f"{running.endpoints.aws_url}/bucket/k", headers=headers, method="OPTIONS")
    with urllib.request.urlopen(preflight, timeout=10) as answer:
        assert answer.status == 200
    assert running.engine.requests[-1][0] == "OPTIONS"


def test_sts(running: Running) -> None:
    client = running.client("sts")
    identity = client.get_caller_identity()
    assert (identity["Account"], identity["UserId"]) == ("000000000000", "test")
    assert error_of(client.get_session_token)[1] == "NotImplementedException"


@pytest.mark.parametrize(
    ("service", "operation"),
    [("sqs", "list_queues"), ("sns", "list_topics"), ("events", "list_rules"), ("apigatewayv2", "get_domain_names")],
)
def test_other_services_are_named(running: Running, service: str, operation: str) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(running.client(service), operation)()
    error = caught.value.response["Error"]
    assert error["Code"] == "NotImplementedException"
    assert "The local stack does not offer" in error["Message"]
    assert service.removesuffix("v2") in error["Message"]


def test_custom_resource_responses(running: Running) -> None:
    url = f"{running.endpoints.aws_url}/_aws/cloudformation/responses/"
    for token in ("expected", "unknown"):
        request = urllib.request.Request(
            url + token, b'{"Status": "SUCCESS"}', method="PUT", headers={"Content-Type": ""}
        )
        if token == "expected":
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert answer.status == 200
        else:
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(request, timeout=10)
    assert running.delivered == [(token, b'{"Status": "SUCCESS"}') for token in ("expected", "unknown")]
