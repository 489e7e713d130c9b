from datetime import UTC, datetime, timedelta

import pytest

from local.aws_endpoint.caller import Caller, caller_of, check_scope
from local.aws_endpoint.errors import AwsError

_SIGNATURE = "0a" * 32
_HEADER = f"AWS4-HMAC-SHA256 Credential={{}}, SignedHeaders=host;x-amz-date, Signature={_SIGNATURE}"
_SCOPE = "AKID/20261121/us-east-1/lambda/aws4_request"


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        ({"Authorization": _HEADER.format(_SCOPE)}, {}, Caller("AKID", "us-east-1", "lambda", "20261121")),
        (
            {},
            {"X-Amz-Credential": "AKID/20261121/eu-west-1/s3/aws4_request", "X-Amz-Signature": "0a"},
            Caller("AKID", "eu-west-1", "s3", "20261121", presigned=True),
        ),
        ({}, {"AWSAccessKeyId": "AKID", "Signature": "x"}, Caller("AKID", "", "s3", presigned=True)),
        ({"Authorization": "AWS AKID:signature="}, {}, Caller("AKID", "", "s3")),
        ({}, {}, None),
        ({"Authorization": "Bearer token"}, {}, None),
        ({}, {"X-Amz-Credential": "AKID/20261121/eu-west-1/s3/aws4_request"}, None),
    ],
)
def test_caller_of(headers: dict[str, str], query: dict[str, str], expected: Caller | None) -> None:
    assert caller_of(headers, query) == expected


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (_HEADER.format("AKID/2026/us-east-1/lambda"), "exactly 5 slash-delimited elements"),
        (
            "AWS4-HMAC-SHA256 Credential=a",
            "requires 'Signature' parameter. Authorization header requires 'SignedHeaders'",
        ),
        ("AWS4-HMAC-SHA256", "requires 'Credential' parameter"),
        ("AWS4-ECDSA-P256-SHA256 Credential=a", "Unsupported AWS 'algorithm'"),
        (_HEADER.format(_SCOPE).replace(_SIGNATURE, "xyz"), "64 hexadecimal digits"),
    ],
)
def test_signatures_that_lack_a_part(header: str, text: str) -> None:
    with pytest.raises(AwsError, match=text) as caught:
        caller_of({"Authorization": header}, {})
    assert (caught.value.status, caught.value.code) == (403, "IncompleteSignatureException")


def _stamp(shift: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + shift).strftime("%Y%m%dT%H%M%SZ")


@pytest.mark.parametrize(
    ("region", "service", "shift", "text"),
    [
        ("us-east-1", "lambda", timedelta(minutes=5), None),
        ("us-east-1", "lambda", timedelta(minutes=-14), None),
        ("us-east-1", "s3", timedelta(), "scoped to correct service: 'lambda'"),
        ("eu-west-1", "lambda", timedelta(), "scoped to a valid region"),
        ("us-east-1", "lambda", timedelta(minutes=-16), "Signature expired"),
        ("us-east-1", "lambda", timedelta(minutes=16), "Signature not yet current"),
    ],
)
def test_scope(region: str, service: str, shift: timedelta, text: str | None) -> None:
    stamp = _stamp(shift)
    caller = Caller("AKID", region, service, stamp[:8])
    if text is None:
        check_scope(caller, {"X-Amz-Date": stamp}, "lambda", "us-east-1")
        return
    with pytest.raises(AwsError, match=text) as caught:
        check_scope(caller, {"X-Amz-Date": stamp}, "lambda", "us-east-1")
    assert caught.value.code == "InvalidSignatureException"


def test_dates_that_cannot_be_read() -> None:
    caller = Caller("AKID", "us-east-1", "lambda", "20200101")
    for headers, text in [
        ({"X-Amz-Date": _stamp()}, "Date in Credential scope does not match"),
        ({"X-Amz-Date": "yesterday"}, "ISO-8601"),
        ({}, "existence of either"),
    ]:
        with pytest.raises(AwsError, match=text):
            check_scope(caller, headers, "lambda", "us-east-1")
