import base64
import re
from pathlib import Path

import pytest

from local.engines import kafka_files
from local.engines.kafka_cluster import Cluster, Node
from local.engines.kafka_format import format_storage, is_formatted, new_id
from local.start_error import StartError


def cluster(data: Path, nodes: int) -> Cluster:
    return Cluster("127.0.0.1", tuple(Node(n, 9090 + 2 * n, 9091 + 2 * n) for n in range(1, nodes + 1)), data)


def settings_of(of: Cluster, number: int = 1) -> dict[str, str]:
    """As Java reads them: the last of a name counts."""
    text = kafka_files.properties(of, of.nodes[number - 1])
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


def test_every_jar_is_on_the_class_path_in_one_order() -> None:
    jars = kafka_files.class_path(Path("/kafka")).split(":")
    assert len(jars) == len(kafka_files.checksums()) == 46
    assert jars == sorted(jars)
    assert {"/kafka/lib/kafka_2.13-4.3.0.jar", "/kafka/lib/slf4j-simple-1.7.36.jar"} <= set(jars)


def test_settings_are_filled_in() -> None:
    settings = settings_of(cluster(Path("/data"), 1))
    assert settings["listeners"] == "PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093"
    assert settings["controller.quorum.voters"] == "1@127.0.0.1:9093"
    assert settings["log.dirs"] == "/data/storage"
    assert settings["auto.create.topics.enable"] == "false"
    assert not any("{" in value for value in settings.values())


def test_a_node_of_three_knows_the_others_and_keeps_three_replicas() -> None:
    settings = settings_of(cluster(Path("/data"), 3), 2)
    assert settings["node.id"] == "2"
    assert settings["listeners"] == "PLAINTEXT://127.0.0.1:9094,CONTROLLER://127.0.0.1:9095"
    assert settings["controller.quorum.voters"] == "1@127.0.0.1:9093,2@127.0.0.1:9095,3@127.0.0.1:9097"
    assert settings["log.dirs"] == "/data/of-3/node-2/storage"
    replicated = {name: value for name, value in settings.items() if "replication.factor" in name}
    assert set(replicated.values()) == {"3"}
    assert len(replicated) == 4
    assert {value for name, value in settings.items() if name.endswith(("min.isr", "min.insync.replicas"))} == {"2"}
    assert not any("{" in value for value in settings.values())


def test_storage_is_formatted_once(tmp_path: Path) -> None:
    checkpoint = tmp_path / "bootstrap.checkpoint"
    checkpoint.write_bytes(b"records")
    one = cluster(tmp_path, 1)
    data = one.storage(one.nodes[0])
    assert not is_formatted(data)
    format_storage(one, checkpoint)
    written = (data / "meta.properties").read_text()
    format_storage(one, checkpoint)
    assert (data / "meta.properties").read_text() == written
    assert (data / "bootstrap.checkpoint").read_bytes() == b"records"


def test_nodes_of_one_cluster_share_its_id_also_when_formatting_was_cut_off(tmp_path: Path) -> None:
    checkpoint = tmp_path / "bootstrap.checkpoint"
    checkpoint.write_bytes(b"records")
    three = cluster(tmp_path / "data", 3)
    format_storage(three, checkpoint)
    second = three.storage(three.nodes[1]) / "meta.properties"
    second.unlink()
    format_storage(three, checkpoint)
    texts = [(three.storage(node) / "meta.properties").read_text() for node in three.nodes]
    assert len({re.search("cluster.id=(.*)", text)[1] for text in texts}) == 1  # type: ignore[index]
    assert [re.search("node.id=(.*)", text)[1] for text in texts] == ["1", "2", "3"]  # type: ignore[index]
    assert len({re.search("directory.id=(.*)", text)[1] for text in texts}) == 3  # type: ignore[index]


@pytest.mark.parametrize(("before", "after"), [(1, 3), (3, 1)])
def test_data_of_another_number_of_brokers_are_refused_with_the_way_out(
    tmp_path: Path, before: int, after: int
) -> None:
    checkpoint = tmp_path / "bootstrap.checkpoint"
    checkpoint.write_bytes(b"records")
    format_storage(cluster(tmp_path, before), checkpoint)
    cluster(tmp_path, before).check_data()
    with pytest.raises(StartError, match=f"--kafka-brokers {before}, or .* --data, or .* --fresh"):
        cluster(tmp_path, after).check_data()


def test_ids_are_uuids_in_kafkas_writing() -> None:
    ids = {new_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(len(base64.urlsafe_b64decode(text + "==")) == 16 and text[0] != "-" for text in ids)


def test_any_path_is_read_by_java_as_it_is() -> None:
    """java.util.Properties.load: ISO-8859-1, \\uXXXX, a backslash escapes."""
    one = cluster(Path("/a b é/\\x/\U0001f600"), 1)
    text = kafka_files.properties(one, one.nodes[0])
    assert text.isascii()
    line = next(line for line in text.splitlines() if line.startswith("log.dirs="))
    assert line == r"log.dirs=/a\u0020b\u0020\u00e9/\u005cx/\ud83d\ude00/storage"
