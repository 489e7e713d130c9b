"""infra/edge.yaml gives the container what it reads, and nothing else."""

import re
from dataclasses import fields
from typing import Any

import pytest

from chat4all.config import Settings, load
from edge.settings import EdgeSettings, check_shared, parse
from tests.template_file import ROOT, template

PARAMETERS = {
    "ApiUrl": "https://api.example.com",
    "ApplicationStack": "hub",
    "Issuer": "https://api.example.com",
    "Audience": "chat4all",
    "KafkaBootstrapServers": "b-1.example.com:9098,b-2.example.com:9098",
    "AWS::StackName": "hub-edge",
    "AWS::Region": "eu-west-1",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return template("infra/edge.yaml")


@pytest.fixture(scope="module")
def container(document: dict[str, Any]) -> dict[str, Any]:
    (found,) = document["Resources"]["Task"]["Properties"]["ContainerDefinitions"]
    return dict(found)


def environment(container: dict[str, Any]) -> dict[str, str]:
    """Variables with the parameters filled in; a reference stands as its name alone."""
    said = {each["Name"]: each["Value"] for each in container["Environment"]}
    return {
        name: PARAMETERS.get(value, re.sub(r"\$\{(.+?)\}", lambda found: PARAMETERS[found[1]], value))
        for name, value in said.items()
    }


def test_each_variable_is_one_that_is_read(container: dict[str, Any]) -> None:
    own = {f"GRPC_{field.name.upper()}" for field in fields(EdgeSettings)}
    shared = {field.name.upper() for field in fields(Settings)}
    _, secrets, _ = container["Secrets"]
    names = {*environment(container), *(each["Name"] for each in secrets)}
    assert names - own - shared == {"AWS_DEFAULT_REGION"}


def test_the_edge_takes_them(container: dict[str, Any]) -> None:
    given = environment(container)
    own, shared = parse([], given), load(given)
    check_shared(shared)
    assert (own.api_url, shared.table_prefix, shared.kafka_security) == ("https://api.example.com", "hub-", "iam")
    assert own.drain_s < container["StopTimeout"], "else the platform kills what still drains"
    assert own.port == container["PortMappings"][0]["ContainerPort"]


def test_each_parameter_is_used_and_described_where_its_name_does_not_say_it(document: dict[str, Any]) -> None:
    text = (ROOT / "infra/edge.yaml").read_text()
    for name in document["Parameters"]:
        assert re.search(rf"!Ref {name}\b|\$\{{{name}\}}|\[{name}, |!Ref {name}]", text), name


def test_the_container_is_asked_whether_it_lives_as_its_image_says(container: dict[str, Any]) -> None:
    dockerfile = (ROOT / "edge/Dockerfile").read_text()
    command = ", ".join(f'"{word}"' for word in container["HealthCheck"]["Command"][1:])
    assert f"CMD [{command}]" in dockerfile
