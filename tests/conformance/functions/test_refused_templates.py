"""Functions that Lambda would not make, or whose properties the stack does not honour, end the start with their line.

A few of each kind from outside; the others are in tests/unit/template.
"""

import os
from pathlib import Path

import pytest

from tests.local.stack_process import StackProcess

HEAD = """AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
"""
FUNCTION = """  {name}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: app.handler
      Runtime: {runtime}
      {line}
"""


def said(tmp_path: Path, *lines: str, runtime: str = "python3.13") -> str:
    """What the stack says when it ends, as it must: of the functions Pet0, Pet1… each with one of these lines."""
    (tmp_path / "code").mkdir(exist_ok=True)
    (tmp_path / "code" / "app.py").write_text("def handler(event, context):\n    return event\n")
    template = tmp_path / "template.yaml"
    functions = [FUNCTION.format(name=f"Pet{n}", runtime=runtime, line=line) for n, line in enumerate(lines)]
    template.write_text(HEAD + "".join(functions))
    stack = StackProcess(template, tmp_path / "data", "--no-simulators")
    try:
        stack.start()
        assert stack.until_ended() == 1
        return stack.said()
    finally:
        stack.close()


REFUSED = {
    "Timeout: 901": ":{at}: Pet{n}.Timeout: must be 1 to 900, not 901",
    "Environment: {Variables: {AWS_REGION: x}}": ":{at}: Pet{n}.Environment.Variables.AWS_REGION: AWS_REGION is reserved",
    f"Layers: [{', '.join('a' * 6)}]": ":{at}: Pet{n}.Layers: a function has at most 5 layers",
    "EventInvokeConfig: {MaximumRetryAttempts: 3}": "MaximumRetryAttempts: must be 0 to 2, not 3",
    "EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}": "the stack does not serve SQS",
}


@pytest.fixture(scope="module")
def said_of_all(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is said of a template with all of them at once."""
    return said(tmp_path_factory.mktemp("refused"), *REFUSED).splitlines()


@pytest.mark.statement("lambda.refused-properties")
@pytest.mark.parametrize("line", REFUSED)
def test_refused(said_of_all: list[str], line: str) -> None:
    number = list(REFUSED).index(line)
    at = HEAD.count("\n") + (number + 1) * FUNCTION.count("\n")
    (found,) = [one for one in said_of_all if f": Pet{number}" in one]
    assert REFUSED[line].format(at=at, n=number) in found


@pytest.mark.statement("lambda.refused-properties")
def test_code_over_250_mb(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    with (tmp_path / "code" / "large").open("wb") as file:
        os.truncate(file.fileno(), 262_144_001)  # a hole: nothing is written
    assert "Pet0.CodeUri: Unzipped size must be smaller than 262144000 bytes: code 262 MB" in said(
        tmp_path, "Timeout: 1"
    )


@pytest.mark.statement("lambda.runtimes")
def test_other_runtimes(tmp_path: Path) -> None:
    expected = "must be python3.11 or python3.12 or python3.13 or python3.14 here"
    assert expected in said(tmp_path, "Timeout: 1", runtime="nodejs22.x")
