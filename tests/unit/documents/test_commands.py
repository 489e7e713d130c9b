"""The commands of operators' documents are commands: scripts, their nouns, verbs and options, calls of AWS, of `chat4all`."""

import argparse
import re
import shlex
from collections.abc import Iterator

import botocore.session
import pytest
from botocore import xform_name

from chat4all.admin.cli import NOUNS
from local.cli import main as local
from tests.drills.failover.__main__ import main as failover_drill
from tests.drills.upgrade.__main__ import main as upgrade_drill
from tests.unit.documents.markdown import ROOT, Document

NAMES = ("operations", "kafka", "upgrading", "observability", "deployment", "sign-in", "logs", "privacy", "load")
ADMIN = ("dead-letters", "parked", "breakers", "keys", "topics", "audit", "administrators")
COMMAND = re.compile(rf"(?:scripts/[a-z-]+|aws|chat4all|(?:{'|'.join(ADMIN)}) [a-z])(?= |$|[a-z])")
AWS_CLI_ITSELF = {("logs", "tail"), ("cloudformation", "deploy"), ("s3", "cp"), ("s3", "sync"), ("s3", "ls")}
"""What the command line of AWS has beside the operations of services."""
DRILLS = {"failover-drill": failover_drill, "upgrade-drill": upgrade_drill}
LOCAL = {"run", "stop", "status", "logs", "invoke", "replay", "snapshot", "fault"}
CLI = (ROOT / "docs/cli.md").read_text()


def commands() -> Iterator[tuple[str, str]]:
    """(document, command) of each command in code."""
    for name in NAMES:
        path = ROOT / f"docs/{name}.md"
        if path.exists():
            document = Document(path)
            lines = [line.strip() for block in document.code for line in block.splitlines()]
            for text in [*lines, *re.findall(r"`([^`\n]+)`", document.text)]:
                if COMMAND.match(text):
                    yield name, text.partition("  #")[0].strip()


FOUND = sorted(set(commands()))


@pytest.mark.parametrize(("document", "text"), FOUND, ids=[f"{name}: {text[:60]}" for name, text in FOUND])
def test_a_command_exists(document: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(text.replace("…", ""))
    match words:
        case ["scripts/admin", *rest]:
            _admin_takes(rest)
        case [noun, *_] if noun in ADMIN:  # where the sentence has said scripts/admin
            _admin_takes(words)
        case ["aws", service, operation, *_]:
            assert (service, operation) in AWS_CLI_ITSELF or operation in _operations(service)
        case ["chat4all", *rest]:
            _client_takes([word for word in rest if word])
        case [script, *rest] if script.startswith("scripts/"):
            assert (ROOT / script).is_file()
            _script_takes(script, rest, capsys)
        case _:
            assert words == ["aws"]


def _admin_takes(words: list[str]) -> None:
    parser = argparse.ArgumentParser()
    nouns = parser.add_subparsers()
    for add_to in NOUNS:
        add_to(nouns)
    parser.parse_args(words)


def _client_takes(words: list[str]) -> None:
    named = [word for word in words if re.fullmatch(r"[a-z][a-z-]*", word)]
    heading = next(
        (f"### `chat4all {' '.join(named[:n])}" for n in (3, 2, 1) if f"### `chat4all {' '.join(named[:n])}" in CLI), ""
    )
    assert heading, f"docs/cli.md has no {' '.join(named)}"
    section = CLI.partition("\n### ")[0] + CLI.partition(heading)[2].partition("\n### ")[0]
    for option in _options(words):
        assert f"`{option}" in section, f"{option} is not in docs/cli.md under {heading}"


def _script_takes(script: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Options of those that can be asked here; of the others e2e/test_readme.py runs --help."""
    name, options = script.removeprefix("scripts/"), _options(words)
    if not options or name not in LOCAL | DRILLS.keys():
        return
    with pytest.raises(SystemExit, match="0"):
        DRILLS[name](["--help"]) if name in DRILLS else local([name, *_verb(words), "--help"])
    told = capsys.readouterr().out
    for option in options:
        assert option in told, f"{script} has no {option}"


def _verb(words: list[str]) -> list[str]:
    return words[:1] if words and words[0] in ("add", "list", "clear", "met", "save", "load") else []


def _options(words: list[str]) -> list[str]:
    return [word.partition("=")[0] for word in words if word.startswith("--")]


def _operations(service: str) -> set[str]:
    named = {"deploy": "codedeploy"}.get(service, service)  # the command line's name of it
    names = botocore.session.get_session().get_service_model(named).operation_names
    return {xform_name(name, "-") for name in names}
