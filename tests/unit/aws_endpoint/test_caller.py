import pytest

from local.aws_endpoint.caller import Caller, caller_of

_HEADER = "AWS4-HMAC-SHA256 Credential={}, SignedHeaders=host;x-amz-date, Signature=0a"


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        (
            {"Authorization": _HEADER.format("AKID/20261121/us-east-1/lambda/aws4_request")},
            {},
            Caller("AKID", "us-east-1", "lambda"),
        ),
        (
            {},
            {"X-Amz-Credential": "AKID/20261121/eu-west-1/s3/aws4_request", "X-Amz-Signature": "0a"},
            Caller("AKID", "eu-west-1", "s3", presigned=True),
        ),
        ({}, {"AWSAccessKeyId": "AKID", "Signature": "x"}, Caller("AKID", "", "s3", presigned=True)),
        ({}, {}, None),
        ({"Authorization": "Bearer token"}, {}, None),
        ({"Authorization": _HEADER.format("AKID/2026/us-east-1/lambda")}, {}, None),
        ({}, {"X-Amz-Credential": "AKID/20261121/eu-west-1/s3/aws4_request"}, None),
    ],
)
def test_caller_of(headers: dict[str, str], query: dict[str, str], expected: Caller | None) -> None:
    assert caller_of(headers, query) == expected
