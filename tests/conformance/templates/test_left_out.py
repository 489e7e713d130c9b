"""The part of a template that the stack can honour runs, where a person leaves out the rest; own requirements."""

import json
import shutil
import zipfile
from pathlib import Path

import boto3
import pytest

from tests.conformance.templates.test_refused_templates import MANY
from tests.local.stack_process import StackProcess

REQUIRED = """Transform: AWS::Serverless-2016-10-31
Resources:
  Pet:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: code, Handler: app.handler, Runtime: python3.13}
"""
WITHOUT = (
    "Node", "Packaged", "Contained", "Computer", "Pet.Asked", "PetQueued", "Pet.T*", "*.Logged", "AWS::SNS::*", "Files",
    "arn:aws:lambda:us-east-1:017000801446:layer:Powertools*",
)  # fmt: skip


@pytest.mark.statement("template.without", "template.ignored-listed", "template.build-methods")
def test_the_rest_runs(tmp_path: Path) -> None:
    text = MANY.partition("Outputs:")[0]
    for line in ("FileSystemConfigs: []", "DurableConfig: {ExecutionTimeout: 5}"):
        text = text.replace(f"      {line}\n", "")
    text = text.replace("{TOPIC: !Ref Topic, LIST: !ImportValue other, QUEUE: !GetAtt Nothing.Arn}", "{A: b}")
    layer = "Layers: ['arn:aws:lambda:us-east-1:017000801446:layer:PowertoolsV3:1']"
    text = text.replace("      Timeout: 5\n", f"      Timeout: 5\n      {layer}\n")
    text = text.replace("    Properties:\n", "    Metadata: {BuildMethod: makefile}\n    Properties:\n", 1)
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "app.py").write_text("def handler(event, context):\n    return event\n")
    (tmp_path / "template.yaml").write_text(text)
    names = "".join(f'"{name}", ' for name in WITHOUT[2:])
    (tmp_path / "samconfig.toml").write_text(f"version = 0.1\n[local.run.parameters]\nwithout = [{names}]\n")
    given = [f"--without={name}" for name in WITHOUT[:2]]
    stack = StackProcess(tmp_path / "template.yaml", tmp_path / "data", "--no-simulators", *given)
    try:
        stack.start()
        stack.until_ready()
        status = json.loads(stack.command("status", "--json").stdout)
        said = stack.said()
    finally:
        stack.close()
    assert [each["logical_id"] for each in status["functions"]] == ["Pet"]
    left_out = {each["name"] for each in status["ignored"] if each["reason"] == "left out by --without"}
    assert {"Node (AWS::Serverless::Function)", "Computer (AWS::EC2::Instance)"} <= left_out
    assert "Pet.Told (event of type SNS)" in left_out
    assert "Topic (AWS::SNS::Topic)" in said.partition("left out by --without: ")[2]
    reasons = {each["name"]: each["reason"] for each in status["ignored"]}
    assert reasons["Pet.BuildMethod"] == "makefile is not run: the folder is used as it is"
    assert reasons["AWS::IAM::Role"] == "permissions are not enforced here"


def wheel(path: Path) -> None:
    """A package of one module, made by hand: nothing is downloaded."""
    info = "whiskers-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("whiskers.py", "LONG = True\n")
        file.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: whiskers\nVersion: 1.0\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", "")


@pytest.mark.statement("template.requirements")
def test_the_requirements_of_a_function_are_installed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    code = tmp_path / "code"
    code.mkdir()
    (code / "app.py").write_text("import whiskers\n\ndef handler(event, context):\n    return whiskers.LONG\n")
    wheel(code / "whiskers-1.0-py3-none-any.whl")
    (code / "requirements.txt").write_text("boto3 # is here already\n./whiskers-1.0-py3-none-any.whl\n")
    (tmp_path / "template.yaml").write_text(REQUIRED)
    installed = []
    for _ in range(2):
        stack = StackProcess(tmp_path / "template.yaml", tmp_path / "data", "--no-simulators")
        try:
            stack.start()
            endpoints = stack.until_ready()
            client = boto3.client(
                "lambda", "us-east-1", endpoint_url=endpoints.aws_url, aws_access_key_id="test",
                aws_secret_access_key="test",
            )  # fmt: skip
            assert json.load(client.invoke(FunctionName="local-Pet")["Payload"]) is True
            installed.append("installing code/requirements.txt" in stack.said())
        finally:
            stack.close()
    assert installed == [True, False]


@pytest.mark.statement("template.requirements")
def test_requirements_that_cannot_be_installed_end_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "app.py").write_text("def handler(event, context):\n    return 1\n")
    (tmp_path / "code" / "requirements.txt").write_text("no-such-package-of-cats==1.0\n")
    (tmp_path / "template.yaml").write_text(REQUIRED)
    stack = StackProcess(tmp_path / "template.yaml", tmp_path / "data", "--no-simulators")
    try:
        stack.start()
        assert stack.until_ended() == 1
    finally:
        stack.close()
    said = stack.said()
    assert "The requirements of code/requirements.txt cannot be installed" in said
    assert "no-such-package-of-cats==1.0" in said
