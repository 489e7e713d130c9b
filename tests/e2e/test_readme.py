"""The README's commands are commands: each is there, explains itself, and the way from start to stop works."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.e2e.running_stack import PORT_OPTIONS, ROOT
from tests.environment import without_aws

COMMANDS = sorted(
    {
        name
        for file in ("README.md", "CONTRIBUTING.md")
        for name in re.findall(r"scripts/([a-z-]+)", (ROOT / file).read_text())
    }
)
WITHOUT_HELP = {"lock", "validate-template", "write-schemas", "write-fixtures", "environment"}


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(a) for a in arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        env=without_aws(**environment),
    )


def a_developers_day(data: str, status: subprocess.CompletedProcess[str]) -> None:
    """The commands of that section, as they stand there; only `-f`, which never ends, is left out."""
    section = (ROOT / "README.md").read_text().partition("## A developer's day")[2].partition("\n## ")[0]
    lines = re.findall(r"^    ((?:scripts/|aws ).*)$", section, re.MULTILINE)
    assert len(lines) > 10
    aws = {
        "AWS_ENDPOINT_URL": json.loads(status.stdout)["addresses"]["AWS endpoint"],
        **dict(re.findall(r"(AWS_(?!ENDPOINT)\w+)=([\w-]+)", section)),
    }
    for line in lines:
        words = [word for word in shlex.split(line, comments=True) if word != "-f"]
        program = Path(sys.executable).with_name("aws")
        done = run(program, *words[1:], **aws) if words[0] == "aws" else run(*words, data)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_named_is_there_and_explains_itself(name: str) -> None:
    script = ROOT / "scripts" / name
    assert script.stat().st_mode & 0o111, f"{name} is not executable"
    assert f"| `scripts/{name}` |" in (ROOT / "scripts/README.md").read_text()
    if name not in WITHOUT_HELP:
        told = run(script, "--help")
        assert told.returncode == 0, told.stderr
        assert len(told.stdout.split()) > 5


def test_from_start_to_stop_as_the_readme_says(tmp_path: Path) -> None:
    data = f"--data={tmp_path / 'data'}"
    ports = [f"--{name}-port=0" for name in PORT_OPTIONS]
    started = run("scripts/run", "--detach", data, *ports)
    try:
        assert started.returncode == 0, started.stdout + started.stderr
        status = run("scripts/status", "--json", data)
        assert status.returncode == 0, status.stdout
        url = json.loads(status.stdout)["addresses"]["HTTP API"]
        assert url in started.stdout
        assert httpx.get(f"{url}/health/ready", timeout=30).json()["status"] == "ready"
        assert run("scripts/logs", "router", data).returncode == 0
        a_developers_day(data, status)
    finally:
        stopped = run("scripts/stop", data)
    assert stopped.returncode == 0, stopped.stderr
    assert run("scripts/status", data).returncode == 3
