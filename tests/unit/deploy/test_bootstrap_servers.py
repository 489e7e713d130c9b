"""Custom::BootstrapServers of infra/kafka.yaml: its code as Lambda gets it, against a Kafka API and an S3 of its own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.template_file import template

ARN = "arn:aws:kafka:us-east-1:123456789012:cluster/hub/1"
RESOURCE = template("infra/kafka.yaml")["Resources"]["BootstrapFunction"]["Properties"]


class _Aws(BaseHTTPRequestHandler):
    servers: dict[str, str]
    answers: list[Any]

    def do_GET(self) -> None:
        assert self.path.startswith("/v1/clusters/arn%3Aaws%3Akafka"), self.path
        body = json.dumps(self.servers).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        self.answers.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        assert self.headers["content-type"] == ""
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Aws]]:
    handler = type("Handler", (_Aws,), {"servers": {}, "answers": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    for name, value in {
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    handler.url = url  # type: ignore[attr-defined]
    yield handler
    server.shutdown()
    server.server_close()


def _ask(aws: Any, kind: str) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(RESOURCE["Code"]["ZipFile"], space)
    space["handler"](
        {
            "RequestType": kind,
            "ResponseURL": f"{aws.url}/answer?signature=x",
            "StackId": "stack",
            "RequestId": "request",
            "LogicalResourceId": "BootstrapServers",
            "ResourceProperties": {"ClusterArn": ARN},
        },
        None,
    )
    answer: dict[str, Any] = aws.answers.pop()
    assert (answer["StackId"], answer["RequestId"], bool(answer["PhysicalResourceId"])) == ("stack", "request", True)
    return answer


def test_the_servers_of_iam_sign_in_are_told(aws: Any) -> None:
    aws.servers = {"bootstrapBrokerStringSaslIam": "b-1:9098,b-2:9098", "bootstrapBrokerStringTls": "b-1:9094"}
    for kind in ("Create", "Update"):
        answer = _ask(aws, kind)
        assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Servers": "b-1:9098,b-2:9098"})


def test_a_cluster_without_them_fails_the_deployment_by_its_name(aws: Any) -> None:
    aws.servers = {"bootstrapBrokerStringTls": "b-1:9094"}
    answer = _ask(aws, "Create")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == f"ValueError: {ARN} has no servers with IAM sign-in"


def test_deletion_asks_nothing(aws: Any) -> None:
    assert _ask(aws, "Delete")["Status"] == "SUCCESS"


def test_the_code_is_as_small_as_cloudformation_takes_it() -> None:
    assert len(RESOURCE["Code"]["ZipFile"]) <= 4096
