"""Each function answers its sample event, by the command that developers use."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.running_stack import ROOT, RunningStack

FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_answers_its_sample_event(stack: RunningStack, name: str) -> None:
    ran = subprocess.run(
        [ROOT / "scripts/invoke", name, f"--data={stack.data}"], capture_output=True, text=True, timeout=60, check=False
    )
    if name == "websocket_authorizer" and ran.returncode == 1:
        assert "Unauthorized" in ran.stdout, ran.stderr  # the sample's token is nobody's
        return
    assert ran.returncode == 0, ran.stdout + ran.stderr
    answer = json.loads(ran.stdout)
    if isinstance(answer, dict) and "statusCode" in answer:
        assert answer["statusCode"] < 500, answer


def test_the_example_that_is_printed_works_when_pasted(stack: RunningStack, tmp_path: Path) -> None:
    example = (ROOT / "docs/example.txt").read_text().replace("{http_url}", stack.url("http"))
    assert len(example.strip().splitlines()) == 3
    script = tmp_path / "pasted"
    script.write_text(example)
    ran = subprocess.run(["bash", script], capture_output=True, text=True, timeout=60, check=False)
    accepted, history = (json.loads(line) for line in ran.stdout.strip().splitlines())
    assert accepted["status"] == "accepted", ran.stderr
    assert history["items"][0]["content"] == "Olá, Bob!"
