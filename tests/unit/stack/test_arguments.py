from dataclasses import replace
from pathlib import Path

import pytest

from local.application import Application, Bucket, HttpApi, KafkaMapping, Table
from local.arguments import parse, place
from local.data_folder import DataFolder
from local.endpoints import Endpoints
from local.engines.external import ExternalEngine
from local.engines.selection import engines_for
from local.options import StackOptions, choose_ports, needed_ports
from local.run_command import stack_options


def options(*given: str) -> StackOptions:
    arguments = parse(["run", *given])
    return stack_options(arguments, place(arguments))


def test_data_is_beside_the_template_unless_said_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place(parse(["status"])).data == tmp_path / ".local-stack"
    assert place(parse(["stop", "--template", "other/template.yaml"])).data == tmp_path / "other" / ".local-stack"
    assert place(parse(["run", "--data", "elsewhere"])).data == tmp_path / "elsewhere"


def test_the_ports_are_those_of_the_contract_unless_chosen() -> None:
    assert options().endpoints == Endpoints()
    assert options("--http-port", "8001").endpoints == replace(Endpoints(), http_port=8001)
    free = options("--http-port", "0", "--kafka-port", "0").endpoints
    assert len({free.http_port, free.kafka_port, 0}) == 3
    assert choose_ports({}, Endpoints(aws_port=7)) == Endpoints(aws_port=7)


def test_parameters_and_engines() -> None:
    asked = options(
        "--parameter", "A=1", "--parameter", "B=x=y", "--s3-endpoint", "http://s3.test:1/", "--kafka-bootstrap", "k:1"
    )
    assert asked.parameters == {"A": "1", "B": "x=y"}
    assert asked.endpoints.s3_url == "http://s3.test:1"
    assert asked.endpoints.kafka_bootstrap_servers == "k:1"
    assert asked.endpoints.dynamodb_url == "http://127.0.0.1:4567"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--http-port", "70000"], "'70000' is no port"),
        (["--http-port", "-1"], "'-1' is no port"),
        (["--s3-endpoint", "localhost:1"], "starts with http:// or https://"),
        (["--kafka-bootstrap", "foo"], "'foo' is not HOST:PORT"),
        (["--kafka-bootstrap", "a:1,b"], "'b' is not HOST:PORT"),
        (["--parameter", "A"], "'A' is not NAME=VALUE"),
        (["--kafka-brokers", "2"], "invalid choice: 2 (choose from 1, 3)"),
        (["--brokers", "3"], "unrecognized arguments"),
        (["--det"], "unrecognized arguments"),
    ],
)
def test_what_cannot_be_understood_says_why(given: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(["run", *given])
    assert said in capsys.readouterr().err


def application() -> Application:
    api = HttpApi("Api", "a1", "$default", ())
    mapping = KafkaMapping("M", "uuid", "f", "topic", "group", None)
    return Application(
        Path("template.yaml"),
        {},
        http_apis=(api, api),
        kafka_mappings=(mapping,),
        tables=(Table("T", "t", {}),),
        buckets=(Bucket("B", "b", {}),),
    )


def test_only_ports_that_the_application_needs_must_be_free() -> None:
    numbers = [port for _, port in needed_ports(application(), options())]
    assert sorted(numbers) == [4566, 4567, 4568, 8000, 8001, 8080, 9092, 9093]
    three = [port for _, port in needed_ports(application(), options("--kafka-brokers", "3"))]
    assert sorted(set(three) - set(numbers)) == [9094, 9095, 9096, 9097]
    nothing = Application(Path("template.yaml"), {})
    assert needed_ports(nothing, options("--no-simulators")) == [("aws_port", 4566)]
    external = options("--kafka-bootstrap", "k:1", "--dynamodb-endpoint", "http://d:1", "--s3-endpoint", "http://s:1")
    assert sorted(port for _, port in needed_ports(application(), external)) == [4566, 8000, 8001, 8080]


def test_engines_are_started_where_the_application_needs_them(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    engines = engines_for(application(), Endpoints(), data, "auto")
    assert [engine.name for engine in engines] == ["kafka", "dynamodb", "s3"]
    three = engines_for(application(), Endpoints(kafka_brokers=3), data, "auto")
    assert [engine.name for engine in three] == ["kafka-1", "kafka-2", "kafka-3", "dynamodb", "s3"]
    assert [engine.address for engine in three[:3]] == ["127.0.0.1:9092", "127.0.0.1:9094", "127.0.0.1:9096"]
    assert engines_for(Application(Path("template.yaml"), {}), Endpoints(), data, "auto") == []
    external = Endpoints(external_kafka_servers="k:1", external_s3_url="http://s:1", external_dynamodb_url="http://d:1")
    found = engines_for(application(), external, data, "auto")
    assert found == [
        ExternalEngine("kafka", "k:1"),
        ExternalEngine("dynamodb", "http://d:1"),
        ExternalEngine("s3", "http://s:1"),
    ]


@pytest.mark.parametrize("words", [("fault", "--data", "x", "list"), ("fault", "list", "--data", "x")])
def test_the_folder_is_named_before_or_after_a_command_of_a_command(words: tuple[str, ...]) -> None:
    assert place(parse(words)).data == Path("x").resolve()
    assert place(parse(words)).template == Path("template.yaml").resolve()
