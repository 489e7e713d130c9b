import argparse
import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from local import invoke_cli
from local.running import write_record
from local.start_error import StartError
from tests.local.aws_endpoint.conftest import Running


@pytest.fixture
def stack(running: Running, tmp_path: Path) -> Path:
    """Folder of a template beside which the record of the running endpoint lies."""
    (tmp_path / "data").mkdir()
    write_record(tmp_path / "data", running.endpoints)
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "echo.json").write_text('{"from": "the sample"}')
    return tmp_path


def invoke(folder: Path, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    invoke_cli.add_arguments(parser)
    return invoke_cli.run(parser.parse_args(arguments), folder / "template.yaml", folder / "data")


def test_invokes_with_the_sample_event(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(stack, "echo") == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["event"] == {"from": "the sample"}
    assert printed.err == ""


def test_invokes_with_another_event(
    stack: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (stack / "other.json").write_text('"é"')
    assert invoke(stack, "Echo", "--event", str(stack / "other.json"), "--tail") == 0
    printed = capsys.readouterr()
    assert '"event": "é"' in printed.out
    assert printed.err.startswith("START RequestId: ")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b'"fail"')))
    assert invoke(stack, "echo", "--event", "-") == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["errorMessage"] == "as asked"
    assert "Echo failed (Unhandled)." in printed.err


def test_asynchronous(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(stack, "echo", "--async") == 0
    assert capsys.readouterr().out.startswith("queued: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], r"No function is called nothing\. There are: Echo \(code\), Off \(code\)\."),
        (["code"], "code is the folder of several functions"),
        (["off"], r"There is no event file .*off\.json"),
        (["echo", "--event", "template"], "There is no event file template"),
        (["off", "--event", "events/echo.json"], "off was not invoked: .*TooManyRequestsException"),
        (["echo", "--event", "broken.json"], r"The event in broken\.json is not JSON"),
    ],
)
def test_refusals(stack: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str) -> None:
    monkeypatch.chdir(stack)
    (stack / "broken.json").write_text("{")
    with pytest.raises(StartError, match=message):
        invoke(stack, *arguments)


def test_no_stack(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="is not running: start it with scripts/run"):
        invoke(tmp_path, "echo")
