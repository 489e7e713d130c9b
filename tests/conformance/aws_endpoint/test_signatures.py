"""Who may call: a signature has to be there, whole, in time, and for this service and region."""

import http.client
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.conformance.aws_endpoint.served import Served

FUNCTIONS = "/2015-03-31/functions"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/x-amz-json-1.1"}


def send(
    endpoint: Served, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> tuple[int, Mapping[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.endpoints.aws_port, timeout=20)
    connection.request(method, path, body, dict(headers))
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def signed(endpoint: Served, service: str, path: str = FUNCTIONS, **headers: str) -> dict[str, str]:
    request = AWSRequest("GET", endpoint.url + path, headers)
    SigV4Auth(Credentials("any", "key"), service, "us-east-1").add_auth(request)
    return dict(request.headers)


@pytest.mark.statement("endpoint.unsigned")
def test_requests_without_a_signature(endpoint: Served) -> None:
    for path in (FUNCTIONS, "/v1/clusters", "/v2/apis", "/anything"):
        status, headers, body = send(endpoint, "GET", path, {})
        assert (status, headers["x-amzn-ErrorType"]) == (403, "MissingAuthenticationTokenException")
        assert json.loads(body) == {"message": "Missing Authentication Token"}
    for target in ("Logs_20140328.DescribeLogGroups", "AmazonSSM.GetParameter", "DynamoDB_20120810.ListTables"):
        status, _, body = send(endpoint, "POST", "/", {**JSON, "X-Amz-Target": target}, b"{}")
        assert (status, json.loads(body)["__type"]) == (403, "MissingAuthenticationTokenException")
    status, headers, body = send(endpoint, "POST", "/", FORM, b"Action=GetCallerIdentity&Version=2011-06-15")
    assert (status, headers.get_content_type()) == (403, "text/xml")
    assert b"<Code>MissingAuthenticationToken</Code>" in body


@pytest.mark.statement("endpoint.any-key")
def test_any_key_is_good(endpoint: Served) -> None:
    assert send(endpoint, "GET", FUNCTIONS, signed(endpoint, "lambda"))[0] == 200
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x", "aws_session_token": "y"}
    assert endpoint.client("sts", **keys).get_caller_identity()["UserId"] == "AKIAIOSFODNN7EXAMPLE"


@pytest.mark.statement("endpoint.s3-signature")
def test_s3_knows_its_keys(endpoint: Served) -> None:
    for key, secret, code in [("test", "forged", "SignatureDoesNotMatch"), ("unknown", "x", "InvalidAccessKeyId")]:
        client = endpoint.client("s3", aws_access_key_id=key, aws_secret_access_key=secret)
        with pytest.raises(ClientError, match=code):
            client.list_objects_v2(Bucket="conformance-bucket")
    assert send(endpoint, "GET", "/conformance-bucket/x", {"Host": "s3.localhost.localstack.cloud"})[0] == 403


@pytest.mark.statement("endpoint.signature-form")
def test_signatures_that_lack_a_part(endpoint: Served) -> None:
    good = signed(endpoint, "lambda")
    whole = good["Authorization"]
    for wrong in (
        whole.partition(", Signature=")[0],
        whole.replace("SignedHeaders", "Headers"),
        whole.replace("/aws4_request", ""),
        whole[:-1],
        "AWS4-HMAC-SHA256",
        whole.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-MD5"),
    ):
        status, headers, _ = send(endpoint, "GET", FUNCTIONS, {**good, "Authorization": wrong})
        assert (status, headers["x-amzn-ErrorType"]) == (403, "IncompleteSignatureException"), wrong
    without = {name: value for name, value in good.items() if name != "X-Amz-Date"}
    assert send(endpoint, "GET", FUNCTIONS, without)[1]["x-amzn-ErrorType"] == "IncompleteSignatureException"


@pytest.mark.statement("endpoint.signature-time")
@pytest.mark.parametrize(("minutes", "text"), [(-20, "Signature expired"), (20, "Signature not yet current")])
def test_signatures_of_another_time(endpoint: Served, minutes: int, text: str) -> None:
    headers = signed(endpoint, "lambda")
    stamp = (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y%m%dT%H%M%SZ")
    headers["Authorization"] = headers["Authorization"].replace(headers["X-Amz-Date"][:8], stamp[:8])
    status, answer, body = send(endpoint, "GET", FUNCTIONS, {**headers, "X-Amz-Date": stamp})
    assert (status, answer["x-amzn-ErrorType"]) == (403, "InvalidSignatureException")
    assert text in json.loads(body)["message"]


@pytest.mark.statement("endpoint.signature-scope")
def test_signatures_for_another_service_or_region(endpoint: Served) -> None:
    target = {**JSON, "X-Amz-Target": "AmazonSSM.GetParameter"}
    status, _, body = send(endpoint, "POST", "/", {**signed(endpoint, "lambda", "/"), **target}, b"{}")
    assert (status, json.loads(body)["__type"]) == (403, "InvalidSignatureException")
    assert "correct service: 'ssm'" in json.loads(body)["message"]
    calls: dict[str, Any] = {"lambda": "list_functions", "ssm": "describe_parameters", "dynamodb": "list_tables"}
    for service, operation in calls.items():
        with pytest.raises(ClientError, match=r"InvalidSignatureException.*valid region"):
            getattr(endpoint.client(service, region_name="eu-central-1"), operation)()
