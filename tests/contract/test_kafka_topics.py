"""Topics made on a real Kafka by the custom resource."""

import json
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from chat4all.config import Settings
from chat4all.dependency_probes import probes
from chat4all.kafka.admin import admin_client
from chat4all.kafka.cluster import Cluster
from tests.contract.handlers import invoke
from tests.local.kafka_broker import KafkaBroker, free_port

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("deployed")]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    running = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    running.start()
    yield running
    running.close()


@pytest.fixture
def answers() -> Iterator[tuple[str, list[Any]]]:
    """A URL that takes answers, as CloudFormation's presigned one does, and what it was given."""
    got: list[Any] = []

    class Taker(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["Content-Type"], json.loads(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Taker) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/answer?signature=x", got
        server.shutdown()
        thread.join()


def event(kind: str, servers: str, topics: list[str], partitions: int = 2, **more: Any) -> dict[str, Any]:
    properties = {"BootstrapServers": servers, "Partitions": str(partitions), "ReplicationFactor": "1"}
    return {
        "RequestType": kind,
        "StackId": "arn:stack",
        "RequestId": "r1",
        "LogicalResourceId": "KafkaTopics",
        "ResourceType": "Custom::KafkaTopics",
        "ResourceProperties": {"ServiceToken": "arn:function", "Topics": topics} | properties,
    } | more


def partitions_of(broker: KafkaBroker, topics: list[str]) -> dict[str, int]:
    with admin_client(Cluster(broker.bootstrap_servers), 10) as admin:
        return {t["name"]: len(t["partitions"]) for t in admin.describe_topics() if t["name"] in topics}


def test_missing_topics_are_made_existing_ones_kept_and_only_ever_grown(
    broker: KafkaBroker, answers: tuple[str, list[Any]]
) -> None:
    url, got = answers
    one, two = (f"topic.{uuid.uuid4().hex}" for _ in range(2))
    invoke("kafka_topics", event("Create", broker.bootstrap_servers, [one], ResponseURL=url))
    content_type, answer = got.pop()
    assert content_type == ""
    assert answer == {
        "Status": "SUCCESS",
        "PhysicalResourceId": "kafka-topics",
        "StackId": "arn:stack",
        "RequestId": "r1",
        "LogicalResourceId": "KafkaTopics",
        "Data": {"Created": [one], "Grown": []},
    }
    again = invoke("kafka_topics", event("Create", broker.bootstrap_servers, [one, two], 3))
    assert again["Data"] == {"Created": [two], "Grown": []}
    assert partitions_of(broker, [one, two]) == {one: 2, two: 3}
    update = event("Update", broker.bootstrap_servers, [one, two], 3, PhysicalResourceId="kept")
    grown = invoke("kafka_topics", update)
    assert (grown["PhysicalResourceId"], grown["Data"]) == ("kept", {"Created": [], "Grown": [one]})
    invoke("kafka_topics", event("Update", broker.bootstrap_servers, [one, two], 1))
    invoke("kafka_topics", event("Delete", broker.bootstrap_servers, [one, two], PhysicalResourceId="kept"))
    assert partitions_of(broker, [one, two]) == {one: 3, two: 3}


def test_a_cluster_that_decides_itself_how_many_replicas_acknowledge_is_not_told(broker: KafkaBroker) -> None:
    topic = f"topic.{uuid.uuid4().hex}"
    request = event("Create", broker.bootstrap_servers, [topic])
    done = invoke(
        "kafka_topics", request | {"ResourceProperties": request["ResourceProperties"] | {"MinInsyncReplicas": "0"}}
    )
    assert (done["Status"], done["Data"]) == ("SUCCESS", {"Created": [topic], "Grown": []})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Partitions": "none"}, "ResourceProperties.Partitions"),
        ({"Topics": []}, "ResourceProperties.Topics"),
        ({"Topics": ["no spaces"]}, "ResourceProperties.Topics.0"),
        ({"ReplicationFactor": "3", "Topics": ["unreplicated"]}, "Replication"),
        ({"MinInsyncReplicas": "2"}, "MinInsyncReplicas: 2 is above ReplicationFactor, 1"),
    ],
)
def test_what_cannot_be_done_is_answered_with_the_reason(
    broker: KafkaBroker, answers: tuple[str, list[Any]], change: dict[str, Any], reason: str
) -> None:
    url, got = answers
    request = event("Create", broker.bootstrap_servers, ["x"], ResponseURL=url)
    invoke("kafka_topics", request | {"ResourceProperties": request["ResourceProperties"] | change})
    _, answer = got.pop()
    assert answer["Status"] == "FAILED"
    assert reason in answer["Reason"]


def test_two_deployments_at_once_make_every_topic(broker: KafkaBroker) -> None:
    topics = [f"topic.{uuid.uuid4().hex}" for _ in range(4)]
    results: list[Any] = []
    request = event("Create", broker.bootstrap_servers, topics)
    threads = [threading.Thread(target=lambda: results.append(invoke("kafka_topics", request))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result["Status"] for result in results] == ["SUCCESS", "SUCCESS"]
    assert partitions_of(broker, topics) == dict.fromkeys(topics, 2)


def test_the_probe_asks_kafka_and_leaves_no_thread_behind(broker: KafkaBroker) -> None:
    before = set(threading.enumerate())
    probes(Settings(kafka_bootstrap_servers=broker.bootstrap_servers))["kafka"]()
    down = probes(Settings(kafka_bootstrap_servers=f"127.0.0.1:{free_port()}"))["kafka"]
    with pytest.raises(ConnectionRefusedError):
        down()
    assert set(threading.enumerate()) <= before
