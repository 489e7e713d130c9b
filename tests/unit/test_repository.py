"""What belongs together stays together: functions, template, sample events, docs, settings, topics and schemas."""

import ast
import json
import re
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from chat4all.config import Settings
from chat4all.kafka.schemas import SCHEMAS, TOPIC_TYPES, json_schemas
from chat4all.kafka.topics import Topic
from local.event_source_mappings.retry import Backoff
from tests.template_file import functions, template

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = sorted(path.name for path in (ROOT / "functions").iterdir() if (path / "app.py").exists())
PACKAGE = ROOT / "layers/chat4all/python/chat4all"


TEMPLATE = template()
IN_TEMPLATE = functions(TEMPLATE)


def test_every_folder_is_in_the_template_and_every_function_has_its_folder() -> None:
    assert sorted(IN_TEMPLATE) == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_handler_sample_event_docs_line_and_test(name: str) -> None:
    tree = ast.parse((ROOT / "functions" / name / "app.py").read_text())
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assigned = {
        t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)
    }
    assert "handler" in defined | assigned
    assert isinstance(json.loads((ROOT / "events" / f"{name}.json").read_text()), dict)
    line = re.search(rf"^\| `{name}` \|.*\| (\S+) \|$", (ROOT / "docs/functions.md").read_text(), re.MULTILINE)
    assert line, f"docs/functions.md has no line for {name}"
    assert (ROOT / line[1]).exists(), f"{line[1]} of {name} is missing"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_handler_file_is_thin_and_imports_only_the_package_and_its_libraries(name: str) -> None:
    text = (ROOT / "functions" / name / "app.py").read_text()
    assert len(text.splitlines()) <= 80
    assert _imported(ast.parse(text)) <= _allowed()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_handler_is_observed_by_its_name(name: str) -> None:
    text = (ROOT / "functions" / name / "app.py").read_text()
    channel, _, kind = name.partition("_")
    shared = f'handler = {kind}_function(app, "{channel}")\n' in text
    assert shared or f'@observed("{name}")\n' in text or f'api = Api("{name}")\nhandler = api.handle\n' in text


def test_there_is_one_logger() -> None:
    for folder in ("functions", "edge", "layers/chat4all/python"):
        for path in (ROOT / folder).rglob("*.py"):
            if path != PACKAGE / "logs.py":
                assert not re.search(r"\bLogger\(", path.read_text()), path


def test_the_package_imports_only_what_its_layer_has() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert _imported(ast.parse(path.read_text())) <= _allowed(), path


def test_every_setting_is_in_the_template_with_its_default() -> None:
    variables = dict(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])
    for properties in IN_TEMPLATE.values():
        variables |= properties.get("Environment", {}).get("Variables", {})
    defaults = {name: parameter.get("Default") for name, parameter in TEMPLATE["Parameters"].items()}
    for field in fields(Settings):
        assert field.name.upper() in variables, f"{field.name} is not in template.yaml"
        value = variables[field.name.upper()]
        if isinstance(field.default, int | float):
            assert float(defaults.get(value, value)) == field.default, field.name


def test_every_variable_of_the_template_is_a_setting() -> None:
    known = {field.name.upper() for field in fields(Settings)}
    variables = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    assert {name for name in variables if not name.startswith("POWERTOOLS_")} <= known


def test_every_topic_has_an_owner_a_dead_letter_and_a_mapping() -> None:
    made = TEMPLATE["Resources"]["KafkaTopics"]["Properties"]["Topics"]
    documented = (ROOT / "docs/topics.md").read_text()
    consumed = {
        topic
        for properties in IN_TEMPLATE.values()
        for event in properties.get("Events", {}).values()
        for topic in event["Properties"].get("Topics", ())
    }
    for topic in Topic:
        assert topic in made
        assert f"{topic}.dead_letter" in made
        assert f"| `{topic}` |" in documented
        assert topic in consumed
        assert TOPIC_TYPES[topic]
    assert len(made) == 2 * len(Topic)


def test_a_mapping_outlasts_an_outage_of_a_day_and_then_says_what_it_gives_up() -> None:
    """-1 with a destination would be 10 tries; no destination would drop without a trace what is too large for an event."""
    for properties in IN_TEMPLATE.values():
        for event in properties.get("Events", {}).values():
            if event["Type"] == "MSK":
                mapping = event["Properties"]
                tries = mapping["MaximumRetryAttempts"]
                assert tries == 10_000
                assert sum(map(Backoff().delay, range(1, tries))) > 24 * 3600
                (topic,) = mapping["Topics"]
                assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": f"kafka://{topic}.dead_letter"}}


def test_every_consumer_that_parks_is_known_to_the_retrier_which_may_invoke_it() -> None:
    retrier = IN_TEMPLATE["retrier"]
    named = dict(pair.split("=") for pair in retrier["Environment"]["Variables"]["RETRY_FUNCTIONS"].split(","))
    parking = {name for name, p in IN_TEMPLATE.items() if {"TableName": "RetryLanesTable"} in _tables(p)} - {"retrier"}
    assert named.keys() == parking
    invoked = {p["LambdaInvokePolicy"]["FunctionName"] for p in retrier["Policies"] if "LambdaInvokePolicy" in p}
    assert {f"${{{name}}}" for name in invoked} == set(named.values())


def _tables(properties: dict[str, Any]) -> list[Any]:
    policies = properties.get("Policies", ())
    return [policy.get("DynamoDBCrudPolicy") for policy in policies if isinstance(policy, dict)]


def test_every_event_type_has_its_schema_on_file() -> None:
    files = {path.name: path.read_text() for path in (ROOT / "docs/schemas").glob("*.json")}
    assert files == json_schemas(), "run scripts/write-schemas"
    documented = (ROOT / "docs/topics.md").read_text()
    assert all(f"`{kind}`" in documented for kind in SCHEMAS)


def test_only_config_reads_the_environment() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.name != "config.py":
            assert not re.search(r"os\.(environ|getenv)", path.read_text()), path


def _imported(tree: ast.Module) -> set[str]:
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            modules.add(str(node.module).split(".")[0])
    return modules


def _allowed() -> set[str]:
    pinned = re.findall(r"^([a-z0-9_.-]+)==", (ROOT / "layers/dependencies/requirements.txt").read_text(), re.MULTILINE)
    # What is asked for is locked by scripts/lock.
    pinned += re.findall(r"^([a-z0-9_.-]+)", (ROOT / "requirements/runtime.in").read_text(), re.MULTILINE)
    names = {"pyjwt": "jwt", "kafka-python": "kafka", "python-telegram-bot": "telegram", "argon2-cffi": "argon2"}
    names |= {"aws-msk-iam-sasl-signer-python": "aws_msk_iam_sasl_signer", "opentelemetry-sdk": "opentelemetry"}
    libraries = {names.get(name, name.replace("-", "_")) for name in pinned}
    return libraries | set(sys.stdlib_module_names) | {"chat4all"}
