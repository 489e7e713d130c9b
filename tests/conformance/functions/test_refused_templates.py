"""Functions that Lambda would not make, or whose properties the stack does not honour, end the start with their line.

A few of each kind from outside; the others are in tests/unit/template.
"""

import os
from pathlib import Path

import pytest

from tests.local.stack_process import StackProcess

TEMPLATE = """AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Pet:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: app.handler
      Runtime: {runtime}
      {property}
"""


def said(tmp_path: Path, line: str, runtime: str = "python3.13") -> str:
    """What the stack says when it ends, as it must."""
    (tmp_path / "code").mkdir(exist_ok=True)
    (tmp_path / "code" / "app.py").write_text("def handler(event, context):\n    return event\n")
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE.format(property=line, runtime=runtime))
    stack = StackProcess(template, tmp_path / "data", "--no-simulators")
    try:
        stack.start()
        assert stack.until_ended() == 1
        return stack.said()
    finally:
        stack.close()


@pytest.mark.statement("lambda.refused-properties")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Timeout: 901", ":10: Pet.Timeout: must be 1 to 900, not 901"),
        ("Environment: {Variables: {AWS_REGION: x}}", ":10: Pet.Environment.Variables.AWS_REGION: AWS_REGION is reserved"),
        (f"Layers: [{', '.join('a' * 6)}]", ":10: Pet.Layers: a function has at most 5 layers"),
        ("EventInvokeConfig: {MaximumRetryAttempts: 3}", "MaximumRetryAttempts: must be 0 to 2, not 3"),
        ("EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}", "the stack does not serve SQS"),
    ],
)  # fmt: skip
def test_refused(tmp_path: Path, line: str, expected: str) -> None:
    assert expected in said(tmp_path, line)


@pytest.mark.statement("lambda.refused-properties")
def test_code_over_250_mb(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    with (tmp_path / "code" / "large").open("wb") as file:
        os.truncate(file.fileno(), 262_144_001)  # a hole: nothing is written
    assert "Pet.CodeUri: Unzipped size must be smaller than 262144000 bytes: code 262 MB" in said(
        tmp_path, "Timeout: 1"
    )


@pytest.mark.statement("lambda.runtimes")
def test_other_runtimes(tmp_path: Path) -> None:
    expected = "must be python3.11 or python3.12 or python3.13 or python3.14 here"
    assert expected in said(tmp_path, "Timeout: 1", "nodejs22.x")
