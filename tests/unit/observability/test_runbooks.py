"""Every alert has a runbook and every runbook an alert; and the commands in them exist."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from chat4all.admin.cli import NOUNS
from infra.observability.boards import BOARDS
from infra.observability.runbooks import FOLDER, runbook_url
from tests.unit.observability.rule_files import ROOT, alerts

NAMES = sorted({alert["alert"] for alert in alerts()})
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_OTHERS = {"curl", "openssl"}
_AWS_CLI_ITSELF = {("logs", "tail")}
"""What the command line of AWS has beside the operations of services."""
_ON_BOARDS = (
    {panel.title for board in BOARDS for panel in board.panels}
    | {board.title.removeprefix("Chat4All: ") for board in BOARDS}
    | {"5m", "Concurrent executions"}  # a line of a panel; a quota of AWS
)


def commands(path: Path) -> Iterator[list[str]]:
    for block in _BLOCK.findall(path.read_text()):
        for line in block.splitlines():
            yield shlex.split(line)


def test_every_alert_has_its_runbook_and_every_runbook_its_alert() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != "README") == NAMES
    for alert in alerts():
        assert alert["annotations"]["runbook_url"] == runbook_url(alert["alert"])
        assert (ROOT / alert["annotations"]["runbook_url"]).is_file()
        assert alert["labels"]["severity"] in ("page", "ticket")
        assert alert["annotations"].keys() == {"summary", "description", "runbook_url"}


def test_the_list_of_runbooks_has_each_with_its_severities() -> None:
    listed = dict(
        re.findall(r"^\| \[(\w+)\]\(\1\.md\) \| ([a-z, ]+) \|", (FOLDER / "README.md").read_text(), re.MULTILINE)
    )
    severities: dict[str, set[str]] = {name: set() for name in NAMES}
    for alert in alerts():
        severities[alert["alert"]].add(alert["labels"]["severity"])
    assert listed == {name: ", ".join(sorted(found)) for name, found in severities.items()}


def test_every_alarm_of_cloudwatch_is_in_the_list() -> None:
    text = (FOLDER / "README.md").read_text().partition("## Alarms of CloudWatch")[2]
    listed = [name for row in re.findall(r"^\| ([A-Z][A-Za-z, ]+) \|", text, re.MULTILINE) for name in row.split(", ")]
    alarms = re.findall(
        r"^  (\w+):\n(?:    .*\n)*?    Type: AWS::CloudWatch::Alarm$",
        (ROOT / "infra/alarms.yaml").read_text(),
        re.MULTILINE,
    )
    assert len(alarms) > 20
    assert sorted(listed) == sorted(alarms)


@pytest.mark.parametrize("name", NAMES)
def test_a_runbook_says_how_to_look_how_to_cure_and_when_it_is_cured(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text()
    assert re.findall(r"^#+ (.+)$", text, re.MULTILINE) == [name, "Look", "Cure", "Cured when"]
    assert all(len(part.strip()) > 20 for part in re.split(r"^#+ .+$", text, flags=re.MULTILINE)[1:])


@pytest.mark.parametrize("name", NAMES)
def test_its_commands_exist(name: str) -> None:
    found = list(commands(FOLDER / f"{name}.md"))
    assert found
    for words in found:
        match words:
            case ["scripts/admin", *rest]:
                _parses(rest)
            case [script, *_] if script.startswith("scripts/"):
                assert (ROOT / script).is_file(), script
            case ["aws", service, operation, *_]:
                assert (service, operation) in _AWS_CLI_ITSELF or operation in _operations(service), words
            case ["chat4all", noun, verb, *_]:
                assert f"### `chat4all {noun} {verb}" in (ROOT / "docs/cli.md").read_text(), words
            case _:
                assert words[0] in _OTHERS, words


@pytest.mark.parametrize("name", [*NAMES, "README"])
def test_what_it_says_to_look_at_is_on_the_boards(name: str) -> None:
    text = re.sub(r"^```.*?^```$|`[^`]*`|\*\*", "", (FOLDER / f"{name}.md").read_text(), flags=re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"\*([^*\n]+)\*", text)) - _ON_BOARDS == set()


def _parses(words: list[str]) -> None:
    parser = argparse.ArgumentParser()
    nouns = parser.add_subparsers(required=True)
    for add_to in NOUNS:
        add_to(nouns)
    parser.parse_args(words)


def _operations(service: str) -> set[str]:
    names = botocore.session.get_session().get_service_model(service).operation_names
    return {xform_name(name, "-") for name in names}
