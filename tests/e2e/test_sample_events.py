"""Each function answers its sample event, by the command that developers use (tests/e2e/test_readme.py runs its script)."""

import json
import subprocess
from pathlib import Path

import pytest

from local.cli import main
from tests.e2e.running_stack import ROOT, RunningStack

FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_answers_its_sample_event(
    stack: RunningStack, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["invoke", name, f"--template={ROOT / 'template.yaml'}", f"--data={stack.data}"])
    said = capsys.readouterr()
    if name == "websocket_authorizer" and code == 1:
        assert "Unauthorized" in said.out, said.err  # the sample's token is nobody's
        return
    assert code == 0, said.out + said.err
    answer = json.loads(said.out)
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
