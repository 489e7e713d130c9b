"""How a process signs in to Kafka, by its settings."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from chat4all.config import ConfigurationError, Settings
from chat4all.kafka.cluster import Cluster
from chat4all.kafka.scram import CredentialsUnavailable
from chat4all.stores.client import WireClient

PACKAGE = Path(__file__).parents[3] / "layers/chat4all/python"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_chat-AbCdEf"


def test_without_security_there_are_servers_only() -> None:
    cluster = Cluster.of(Settings(kafka_bootstrap_servers="a:9092,b:9092"))
    assert cluster.client_settings() == {"bootstrap_servers": ["a:9092", "b:9092"]}


def test_another_security_is_named() -> None:
    with pytest.raises(ConfigurationError, match="KAFKA_SECURITY='tls' is not none, scram or iam"):
        Cluster("a:1", "tls").client_settings()


def test_scram_reads_its_secret_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = iter(["one", "two"])

    def call(_self: WireClient, operation: str, given: Any) -> dict[str, Any]:
        assert (operation, given) == ("GetSecretValue", {"SecretId": SECRET})
        return {"SecretString": json.dumps({"username": "chat", "password": next(passwords)})}

    monkeypatch.setattr(WireClient, "call", call)
    cluster = Cluster("a:9096", "scram", SECRET, "/etc/ca.pem")
    assert cluster.client_settings() == {
        "bootstrap_servers": ["a:9096"],
        "security_protocol": "SASL_SSL",
        "ssl_cafile": "/etc/ca.pem",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "chat",
        "sasl_plain_password": "one",
    }
    assert cluster.client_settings()["sasl_plain_password"] == "two"
    assert Cluster("a:9096", "scram", SECRET).ca_file == ""


@pytest.mark.parametrize("value", ["not json: hunter2", '{"username": "hunter2"}', '["hunter2"]'])
def test_a_secret_of_another_shape_is_named_and_not_quoted(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WireClient, "call", lambda *_: {"SecretString": value})
    with pytest.raises(CredentialsUnavailable) as raised:
        Cluster("a:1", "scram", SECRET).client_settings()
    assert SECRET in str(raised.value)
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_secret_that_may_not_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(*_: Any) -> dict[str, Any]:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetSecretValue")

    monkeypatch.setattr(WireClient, "call", call)
    with pytest.raises(CredentialsUnavailable, match="AccessDeniedException"):
        Cluster("a:1", "scram", SECRET).client_settings()


def test_iam_signs_a_token_for_the_region_without_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shape of the token: github.com/aws/aws-msk-iam-auth, "Details on the mechanism"."""
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIATEST",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "session",
    }.items():
        monkeypatch.setenv(name, value)
    settings = Cluster("b-1.chat.kafka.eu-west-1.amazonaws.com:9098", "iam").client_settings()
    assert (settings["security_protocol"], settings["sasl_mechanism"]) == ("SASL_SSL", "OAUTHBEARER")
    assert settings["ssl_cafile"] is None
    token = settings["sasl_oauth_token_provider"].token()
    url = urlsplit(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode())
    query = parse_qs(url.query)
    assert url.netloc == "kafka.eu-west-1.amazonaws.com"
    assert query["Action"] == ["kafka-cluster:Connect"]
    assert query["X-Amz-Expires"] == ["900"]
    assert query["X-Amz-Security-Token"] == ["session"]
    assert query["X-Amz-Credential"][0].startswith("AKIATEST/")
    assert query["X-Amz-Credential"][0].endswith("/eu-west-1/kafka-cluster/aws4_request")


def test_signing_in_is_imported_by_those_only_who_sign_in() -> None:
    program = (
        "import sys, chat4all.kafka.publisher as p; from chat4all.kafka.cluster import Cluster; "
        "p.Publisher(Cluster('a:1')); Cluster('a:1').client_settings(); "
        "print(*sys.modules)"
    )
    command, environment = [sys.executable, "-c", program], {"PYTHONPATH": str(PACKAGE)}
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=environment)
    signing_in = {"aws_msk_iam_sasl_signer", "boto3", "chat4all.kafka.iam", "chat4all.kafka.scram"}
    assert not signing_in & set(ran.stdout.split())
