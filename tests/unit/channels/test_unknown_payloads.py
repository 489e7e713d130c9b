"""Payloads that are kept, and counted."""

import boto3
import pytest
from moto import mock_aws

from chat4all.channels.unknown_payloads import UnknownPayloads
from chat4all.errors import Unavailable
from tests.metrics_written import counted, nothing_counted


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)  # of the real engine that contract tests share


@mock_aws
def test_kept_as_it_came_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    nothing_counted()
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="kept")
    body = '{"update_id": 7, "odd": "é"}'.encode()
    UnknownPayloads("kept").keep("telegram", "account", "7", body, "odd")
    assert s3.get_object(Bucket="kept", Key="telegram/account/7.json")["Body"].read() == body
    assert counted("chat4all_channel_received_total", capsys) == {("telegram", "unknown"): 1}


@mock_aws
def test_a_bucket_that_does_not_take_it() -> None:
    with pytest.raises(Unavailable):
        UnknownPayloads("missing").keep("telegram", "account", "7", b"{}", "odd")
