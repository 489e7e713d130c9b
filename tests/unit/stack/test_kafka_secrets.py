"""Kafka's users, from secrets as MSK wants them."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.application import Application, KafkaMapping
from local.arguments import parse, place
from local.endpoints import Endpoints
from local.kafka_access import ScramUser
from local.kafka_secrets import kafka_access
from local.run_command import stack_options
from local.start_error import StartError
from local.stored_values.documents import Documents
from local.stored_values.secrets import SecretStore

SCRAM = Endpoints(kafka_security="scram", kafka_ca_file="/ca.pem")
OTHER = "arn:aws:secretsmanager:us-east-1:000000000000:secret:AmazonMSK_other-AbCdEf"


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    return Documents(tmp_path / "values.db")


def application(scram_secret: str | None = None) -> Application:
    mapping = KafkaMapping("M", "uuid", "f", "topic", "group", None, scram_secret=scram_secret)
    return Application(Path("template.yaml"), {}, kafka_mappings=(mapping,))


def put(documents: Documents, value: str, name: str = "AmazonMSK_other") -> None:
    store = SecretStore(documents, "us-east-1", "000000000000")
    made = store.create(name, {"description": "", "kms_key": "", "tags": {}}, suffix="AbCdEf")
    store.put_value(made, {"SecretString": value}, None)


def test_an_open_kafka_needs_no_secret(documents: Documents) -> None:
    access = kafka_access(application(), Endpoints(), documents)
    assert access.security() == access.security(OTHER) == {}
    assert documents.all("secret") == []


def test_the_stacks_own_secret_is_made_once_and_its_password_stays(documents: Documents) -> None:
    first = kafka_access(application(), SCRAM, documents)
    (user,) = first.users.values()
    assert (user.username, len(user.password) > 20) == ("local", True)
    assert kafka_access(application(), SCRAM, documents) == first
    found = SecretStore(documents, "us-east-1", "000000000000").find("AmazonMSK_local")
    assert found["arn"] == SCRAM.kafka_scram_secret_arn
    assert first.security() == {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "local",
        "sasl.password": user.password,
        "ssl.ca.location": "/ca.pem",
    }


def test_a_mapping_signs_in_as_the_user_of_its_own_secret(documents: Documents) -> None:
    put(documents, json.dumps({"username": "kitchen", "password": "salt"}))
    access = kafka_access(application(OTHER), SCRAM, documents)
    assert access.users[OTHER] == ScramUser("kitchen", "salt")
    assert access.security(OTHER)["sasl.username"] == "kitchen"


@pytest.mark.parametrize(
    "value",
    ["hunter2", "[]", '{"username": "u"}', '{"username": "u", "password": ""}', '{"username": 1, "password": "p"}'],
)
def test_a_secret_of_another_shape_is_refused(documents: Documents, value: str) -> None:
    put(documents, value)
    with pytest.raises(StartError, match=r"AmazonMSK_other.* is not .*username.*password") as raised:
        kafka_access(application(OTHER), SCRAM, documents)
    assert "hunter2" not in str(raised.value)


def test_a_secret_that_is_not_there_and_one_user_with_two_passwords_are_refused(documents: Documents) -> None:
    with pytest.raises(StartError, match=r"AmazonMSK_other.* can't find"):
        kafka_access(application(OTHER), SCRAM, documents)
    put(documents, json.dumps({"username": "local", "password": "other"}))
    with pytest.raises(StartError, match="different passwords for the user local"):
        kafka_access(application(OTHER), SCRAM, documents)


def options(*given: str) -> Any:
    arguments = parse(["run", *given])
    return stack_options(arguments, place(arguments))


def test_the_security_of_another_kafka_is_not_ours_to_choose(tmp_path: Path) -> None:
    asked = options("--kafka-security", "scram", "--data", str(tmp_path)).endpoints
    assert (asked.kafka_security, asked.kafka_ca_file) == ("scram", str(tmp_path / "kafka" / "scram" / "ca.pem"))
    assert options().endpoints.kafka_ca_file == ""
    with pytest.raises(StartError, match="leave one of them out"):
        options("--kafka-security", "scram", "--kafka-bootstrap", "k:1")
