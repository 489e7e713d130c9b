"""`scripts/admin topics` on a real Kafka: what is missing is seen, and made as the others are."""

import json
import time
from collections.abc import Callable, Iterator

import pytest

from chat4all.admin import operations
from chat4all.admin.cli import main
from chat4all.admin.topic_states import NEEDED
from chat4all.bootstrap import App
from chat4all.kafka.admin import admin_client
from chat4all.kafka.cluster import Cluster
from tests.local.kafka_broker import KafkaBroker, free_port

pytestmark = pytest.mark.engines

Topics = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    running = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    running.start()
    yield running
    running.close()


@pytest.fixture
def topics(
    deployed: App, broker: KafkaBroker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Topics:
    """`scripts/admin topics`: exit code, what it printed, what it complained of."""
    deployed.bind_tables()
    monkeypatch.setattr(operations, "_who", lambda: "arn:aws:iam::000000000000:user/op")
    monkeypatch.setattr(Cluster, "of", lambda _settings: Cluster(broker.bootstrap_servers))

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["topics", *words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def until(holds: Callable[[], bool]) -> None:
    """A broker tells of a deleted topic a moment later."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def states(topics: Topics) -> dict[str, str]:
    return {one["name"]: one["state"] for one in json.loads(topics("list", "--json")[1])}


def test_what_is_missing_is_listed_and_made_as_the_others_are(
    topics: Topics, broker: KafkaBroker, deployed: App
) -> None:
    assert states(topics) == dict.fromkeys(NEEDED, "missing")
    code, _, told = topics("ensure", "--partitions", "2")
    assert code == 1
    assert "say --replication-factor, --min-insync-replicas" in told
    sizes = ("--partitions", "2", "--replication-factor", "1", "--min-insync-replicas")
    assert "nothing would be acknowledged" in topics("ensure", *sizes, "2")[2]
    assert topics("ensure", *sizes, "1")[0] == 0
    assert states(topics) == dict.fromkeys(NEEDED, "ok")
    assert topics("ensure") == (0, "none is missing\n", "")

    with admin_client(Cluster(broker.bootstrap_servers), 10) as admin:
        admin.delete_topics(["chat4all.messages"])
    until(lambda: states(topics)["chat4all.messages"] == "missing")
    assert topics("list")[1].splitlines()[-1] == "1 not ok"
    assert topics("ensure") == (0, "chat4all.messages made\n", "")
    found = {one["name"]: one for one in json.loads(topics("list", "--json")[1])}
    assert (found["chat4all.messages"]["partitions"], found["chat4all.messages"]["min_insync"]) == (2, 1)

    told = deployed.audit.read("deployment", 10, None)["items"]
    done = [entry for entry in told if entry["action"] == "topics.ensure"]
    assert [entry["outcome"] for entry in done] == ["done", "begun"] * 2
    assert done[0]["target"] == "chat4all.messages"


def test_a_topic_that_names_no_minimum_has_the_brokers(topics: Topics, broker: KafkaBroker) -> None:
    with admin_client(Cluster(broker.bootstrap_servers), 10) as admin:
        if states(topics)["chat4all.events"] != "missing":
            admin.delete_topics(["chat4all.events"])
            until(lambda: states(topics)["chat4all.events"] == "missing")
        admin.create_topics({"chat4all.events": {"num_partitions": 1, "replication_factor": 1}})
    until(lambda: states(topics)["chat4all.events"] == "ok")
    (found,) = [one for one in json.loads(topics("list", "--json")[1]) if one["name"] == "chat4all.events"]
    assert (found["partitions"], found["min_insync"]) == (1, 1)


def test_kafka_that_does_not_answer_is_told(topics: Topics, monkeypatch: pytest.MonkeyPatch) -> None:
    servers = f"127.0.0.1:{free_port()}"
    monkeypatch.setattr(Cluster, "of", lambda _settings: Cluster(servers))
    code, printed, told = topics("list")
    assert (code, printed) == (1, "")
    assert told.startswith(f"error: Kafka at {servers} did not carry it out: ")
