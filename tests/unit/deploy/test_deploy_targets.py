"""What `scripts/deploy` takes, and what it refuses with the way out."""

import argparse
import http.server
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from infra.deploy.targets import NO_KAFKA, CannotDeploy, deployment


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _given(**changes: Any) -> argparse.Namespace:
    default: dict[str, Any] = {"target": "localstack", "stack_name": None, "endpoint": None, "stage": None}
    return argparse.Namespace(**{**default, "parameter": [], "sam_option": [], **changes})


def test_an_endpoint_without_kafka_gets_what_leaves_kafka_out(endpoint: str) -> None:
    found = deployment(_given(endpoint=endpoint))
    assert found.environment["AWS_ENDPOINT_URL"] == endpoint
    assert NO_KAFKA.items() <= found.parameters.items()
    assert found.layer_environment()["LAYER_PYTHON"] == found.parameters["PythonRuntime"].removeprefix("python")


def test_parameters_go_over_the_targets_own(endpoint: str) -> None:
    found = deployment(_given(endpoint=endpoint, parameter=["Architecture=arm64", "EventSourceMappings=true"]))
    assert found.parameters["EventSourceMappings"] == "true"
    assert found.layer_environment()["LAYER_MACHINE"] == "aarch64"


def test_an_endpoint_where_nothing_answers_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CannotDeploy, match=f"Nothing answers at {url}.*--endpoint"):
            deployment(_given(endpoint=url))


def test_aws_makes_a_cluster_where_none_is_given() -> None:
    asked = deployment(_given(target="aws"))
    assert (asked.stack_name, asked.parameters, asked.environment) == ("chat4all", {}, {})


def test_a_wrong_parameter_is_named_before_anything_is_built() -> None:
    with pytest.raises(CannotDeploy, match="KafkaBootstrapServers is given without KafkaClusterArn"):
        deployment(_given(target="aws", parameter=["KafkaBootstrapServers=b-1:9098"]))
    with pytest.raises(CannotDeploy, match="UploadDays: value '0' is less than 1"):
        deployment(_given(target="aws", parameter=["UploadDays=0"]))
    with pytest.raises(CannotDeploy, match="parameter Uploaddays, which the template does not declare"):
        deployment(_given(target="aws", parameter=["Uploaddays=1"]))


def test_aws_gets_the_templates_own_runtime() -> None:
    layers = deployment(_given(target="aws")).layer_environment()
    assert (layers["LAYER_PYTHON"], layers["LAYER_MACHINE"]) == ("3.13", "aarch64")


@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
def test_a_stage_has_its_stack_and_parameters_which_the_template_takes(stage: str) -> None:
    asked = deployment(_given(target="aws", stage=stage, parameter=["KafkaVariant=provisioned"]))
    assert asked.stack_name.startswith("chat4all")
    assert (asked.parameters["Stage"], asked.parameters["KafkaVariant"]) == (stage, "provisioned")
    assert deployment(_given(target="aws", stage=stage, stack_name="mine")).stack_name == "mine"


@pytest.mark.parametrize("stage", ["local", "production"])
def test_a_stage_that_is_none(stage: str) -> None:
    with pytest.raises(CannotDeploy, match=f"--stage {stage}: samconfig.toml has dev, staging, prod"):
        deployment(_given(target="aws", stage=stage))


@pytest.mark.parametrize("text", ["Stage", "=local", "My Stage=x"])
def test_a_parameter_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CannotDeploy, match="--parameter"):
        deployment(_given(target="aws", parameter=[text]))
