import base64
from pathlib import Path

from local.engines import kafka_files
from local.engines.kafka_format import format_storage, is_formatted, new_id


def test_every_jar_is_on_the_class_path_in_one_order() -> None:
    jars = kafka_files.class_path(Path("/kafka")).split(":")
    assert len(jars) == len(kafka_files.checksums()) == 46
    assert jars == sorted(jars)
    assert {"/kafka/lib/kafka_2.13-4.3.0.jar", "/kafka/lib/slf4j-simple-1.7.36.jar"} <= set(jars)


def test_settings_are_filled_in() -> None:
    text = kafka_files.properties("127.0.0.1", 9092, 9093, Path("/data"))
    settings = dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
    assert settings["listeners"] == "PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093"
    assert settings["controller.quorum.voters"] == "1@127.0.0.1:9093"
    assert settings["log.dirs"] == "/data"
    assert settings["auto.create.topics.enable"] == "false"
    assert not any("{" in value for value in settings.values())


def test_storage_is_formatted_once(tmp_path: Path) -> None:
    checkpoint = tmp_path / "bootstrap.checkpoint"
    checkpoint.write_bytes(b"records")
    data = tmp_path / "data"
    assert not is_formatted(data)
    format_storage(data, checkpoint)
    written = (data / "meta.properties").read_text()
    format_storage(data, checkpoint)
    assert (data / "meta.properties").read_text() == written
    assert (data / "bootstrap.checkpoint").read_bytes() == b"records"


def test_ids_are_uuids_in_kafkas_writing() -> None:
    ids = {new_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(len(base64.urlsafe_b64decode(text + "==")) == 16 and text[0] != "-" for text in ids)


def test_any_path_is_read_by_java_as_it_is() -> None:
    """java.util.Properties.load: ISO-8859-1, \\uXXXX, a backslash escapes."""
    text = kafka_files.properties("127.0.0.1", 1, 2, Path("/a b é/\\x/\U0001f600"))
    assert text.isascii()
    line = next(line for line in text.splitlines() if line.startswith("log.dirs="))
    assert line == r"log.dirs=/a\u0020b\u0020\u00e9/\u005cx/\ud83d\ude00"
