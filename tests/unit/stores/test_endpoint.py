"""DynamoDB's address is the one that a botocore client would use, for every setting that botocore knows."""

from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, NoRegionError
from botocore.session import Session

from chat4all.stores.client import WireClient

PROFILE = """
[profile other]
region = eu-west-3
services = own
[services own]
dynamodb =
  endpoint_url = http://profile.example:8
[profile plain]
endpoint_url = http://plain.example:9
"""
SETTINGS: list[dict[str, str]] = [
    {"AWS_DEFAULT_REGION": "us-east-1"},
    {"AWS_DEFAULT_REGION": "cn-north-1"},
    {"AWS_DEFAULT_REGION": "us-gov-west-1"},
    {"AWS_DEFAULT_REGION": "us-iso-east-1"},
    {"AWS_DEFAULT_REGION": "eusc-de-east-1"},
    {"AWS_DEFAULT_REGION": "local"},
    {"AWS_DEFAULT_REGION": "eu-future-7"},
    {"AWS_DEFAULT_REGION": "us-east-1", "AWS_USE_FIPS_ENDPOINT": "true"},
    {"AWS_DEFAULT_REGION": "us-gov-west-1", "AWS_USE_FIPS_ENDPOINT": "true"},
    {"AWS_DEFAULT_REGION": "us-east-1", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
    {"AWS_DEFAULT_REGION": "cn-north-1", "AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_USE_FIPS_ENDPOINT": "true"},
    {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": "http://all.example:7"},
    {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL_DYNAMODB": "http://one.example:6/"},
    {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://all.example:7",
        "AWS_ENDPOINT_URL_DYNAMODB": "http://one.example:6",
    },
    {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://all.example:7",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    },
    {"AWS_PROFILE": "other"},
    {"AWS_PROFILE": "plain", "AWS_DEFAULT_REGION": "us-east-1"},
]


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No setting of the machine; a configuration file with two profiles."""
    file = tmp_path / "config"
    file.write_text(PROFILE)
    for name in {name for settings in SETTINGS for name in settings} | {"AWS_REGION"}:
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_CONFIG_FILE": str(file),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


class _Sent(Exception):
    """A request, before it leaves."""


def _by_botocore() -> str:
    """Where a botocore client sends a request."""

    def stop(request: AWSPreparedRequest, **_: Any) -> None:
        raise _Sent(request.url)

    client: Any = Session().create_client("dynamodb", config=Config(account_id_endpoint_mode="disabled"))
    client.meta.events.register("before-send.dynamodb", stop)
    with pytest.raises(_Sent) as sent:
        client.list_tables()
    return str(sent.value)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: " ".join(f"{k}={v}" for k, v in settings.items()))
def test_is_what_a_botocore_client_uses(settings: dict[str, str], plain_environment: pytest.MonkeyPatch) -> None:
    for name, value in settings.items():
        plain_environment.setenv(name, value)
    assert WireClient(Session(), 1, 1, 0, 1).endpoint_url == _by_botocore()


def test_settings_that_exclude_each_other_are_refused(plain_environment: pytest.MonkeyPatch) -> None:
    plain_environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
    plain_environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://one.example:6")
    plain_environment.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    with pytest.raises(BotoCoreError, match="FIPS and custom endpoint are not supported"):
        _ = WireClient(Session(), 1, 1, 0, 1).endpoint_url


@pytest.mark.usefixtures("plain_environment")
def test_no_region_is_told() -> None:
    with pytest.raises(NoRegionError):
        _ = WireClient(Session(), 1, 1, 0, 1).endpoint_url
