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
    default = {"target": "localstack", "stack_name": "hub", "endpoint": None, "parameter": [], "sam_option": []}
    return argparse.Namespace(**{**default, **changes})


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


def test_aws_needs_a_cluster_before_anything_is_built() -> None:
    with pytest.raises(CannotDeploy, match="--parameter KafkaClusterArn=… --parameter KafkaBootstrapServers=…"):
        deployment(_given(target="aws"))
    assert deployment(_given(target="aws", sam_option=["--guided"])).environment == {}


def test_aws_gets_the_templates_own_runtime() -> None:
    parameters = ["KafkaClusterArn=arn", "KafkaBootstrapServers=b-1:9098"]
    layers = deployment(_given(target="aws", parameter=parameters)).layer_environment()
    assert (layers["LAYER_PYTHON"], layers["LAYER_MACHINE"]) == ("3.13", "aarch64")


@pytest.mark.parametrize("text", ["Stage", "=local", "My Stage=x"])
def test_a_parameter_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CannotDeploy, match="--parameter"):
        deployment(_given(target="aws", parameter=[text]))
