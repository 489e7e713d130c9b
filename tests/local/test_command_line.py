"""What the command line says when it cannot do what it is asked, and that nothing is left running then."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.options import PORT_OPTIONS
from local.running import find_running
from tests.local.stack_process import ROOT, StackProcess, until_gone

SMALL = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      InlineCode: ""
      CodeUri: hello/
      Events: {Any: {Type: HttpApi}}
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """An application of one function, which needs no engine."""
    (tmp_path / "hello").mkdir()
    (tmp_path / "hello" / "app.py").write_text("def handler(event, context):\n    return 'hello'\n")
    file = tmp_path / "template.yaml"
    file.write_text(SMALL.replace('      InlineCode: ""\n', ""))
    return file


@pytest.fixture
def stack(template: Path, tmp_path: Path) -> Iterator[StackProcess]:
    process = StackProcess(template, tmp_path / "data")
    yield process
    process.close()


def failed(template: Path, data: Path, *options: str) -> str:
    """What a start that fails says."""
    stack = StackProcess(template, data, *options)
    stack.start()
    try:
        assert stack.until_ended() == 1
    finally:
        stack.close()
    assert find_running(data) is None
    (*_, last) = [line for line in stack.said().splitlines() if line.startswith("error: ")]
    assert "Traceback" not in stack.said()
    return last


def test_a_taken_port_names_its_holder(template: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = failed(template, tmp_path / "data", f"--http-port={port}")
    assert f"Port {port} for the HTTP API is taken by pid {os.getpid()} (" in said
    assert "choose another port with --http-port" in said


def test_a_broken_template_says_where(template: Path, tmp_path: Path) -> None:
    template.write_text(template.read_text().replace("CodeUri: hello/", "CodeUri: bye/"))
    assert f"{template}:" in failed(template, tmp_path / "data")
    template.write_text("Resources: [")
    assert f"{template}" in failed(template, tmp_path / "data")
    assert "There is no template" in failed(tmp_path / "none.yaml", tmp_path / "data")


def test_one_stack_a_folder(stack: StackProcess, template: Path) -> None:
    stack.start()
    stack.until_ready()
    second = StackProcess(template, stack.data)
    second.output = stack.data.with_name("second.txt")
    second.start()
    assert second.until_ended() == 1
    assert f"runs already (pid {stack.process.pid})" in second.said()
    assert stack.command("status").returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything(number: signal.Signals, stack: StackProcess) -> None:
    stack.start()
    stack.until_ready()
    children = stack.children()
    assert children
    stack.process.send_signal(number)
    assert stack.until_ended() == 0
    until_gone(children, within_s=1)
    assert stack.said().endswith("stopping\n")


def test_interrupted_while_starting_nothing_is_left(stack: StackProcess) -> None:
    stack.start()
    deadline = time.monotonic() + 30
    while find_running(stack.data) is None or "template" not in stack.said():
        assert time.monotonic() < deadline, stack.said()
        time.sleep(0.005)
    children = stack.children()
    stack.process.send_signal(signal.SIGTERM)
    assert stack.until_ended() in (0, 130)
    until_gone(children, within_s=1)


def test_detached_it_runs_on_until_stop(template: Path, tmp_path: Path) -> None:
    place = ["--template", str(template), "--data", str(tmp_path / "data")]
    ports = [f"{option}=0" for option, _ in PORT_OPTIONS.values()]

    def local(*command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "local", *command], cwd=ROOT, capture_output=True, text=True, timeout=120
        )

    started = local("run", *place, *ports, "--detach", "--fresh")
    try:
        assert started.returncode == 0, started.stderr
        found = find_running(tmp_path / "data")
        assert found is not None
        assert f"It runs in the background (pid {found.pid})" in started.stdout
        assert "HTTP API" in started.stdout
        children = psutil.Process(found.pid).children(recursive=True)
        assert "hello" not in local("status", *place).stderr
        assert "HTTP API" in local("logs", "stack", *place).stdout, "--fresh leaves the log that the start writes"
        again = local("run", *place, *ports, "--detach")
        assert again.returncode == 1
        assert "runs already" in again.stdout
    finally:
        stopped = local("stop", *place)
    assert stopped.stdout == f"Stopped (pid {found.pid}).\n"
    until_gone(children, within_s=1)
    assert local("status", *place).returncode == 3
    assert local("stop", *place).stdout.startswith("No stack runs")


def test_logs_of_what_is_not_there_names_what_is(stack: StackProcess) -> None:
    answer = stack.command("logs", "nobody")
    assert answer.returncode == 1
    assert "There is no log of nobody" in answer.stderr
    stack.start()
    stack.until_ready()
    assert "Hello" in stack.command("logs", "nobody").stderr


def test_a_function_without_a_log_has_not_run_yet_by_any_of_its_names(stack: StackProcess) -> None:
    stack.start()
    stack.until_ready()
    for name in ("Hello", "hello"):
        answer = stack.command("logs", name)
        assert (answer.returncode, answer.stdout) == (0, "")
        assert answer.stderr.endswith("-Hello has not run yet: its log is empty.\n")
    assert stack.command("invoke", "hello", "--event", os.devnull).returncode == 1
    stack.data.with_name("event.json").write_text("{}")
    assert stack.command("invoke", "hello", "--event", str(stack.data.with_name("event.json"))).returncode == 0
    for name in ("Hello", "hello"):
        answer = stack.command("logs", name)
        assert answer.returncode == 0, answer.stderr
        assert " Hello " in answer.stdout


def test_a_function_that_cannot_be_imported_is_named_at_the_start(template: Path, stack: StackProcess) -> None:
    (template.parent / "hello" / "app.py").write_text("import a_module_that_is_not_there\n")
    stack.start()
    stack.until_ready()
    lines = [line for line in stack.said().splitlines() if "cannot be imported" in line]
    assert len(lines) == 1, stack.said()
    assert lines[0].startswith("functions    ")
    assert lines[0].endswith(
        "-Hello cannot be imported: No module named 'a_module_that_is_not_there' (its invocations will fail)"
    )


def test_a_reader_that_has_read_enough_is_no_error(stack: StackProcess) -> None:
    stack.start()
    stack.until_ready()
    for command in (["status", "--json"], ["status"]):
        source, target = os.pipe()
        os.close(source)  # nobody reads at all
        with os.fdopen(target, "wb") as output:
            ended = subprocess.run(
                [sys.executable, "-m", "local", *command, *stack.place],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.PIPE,
                timeout=60,
            )
        assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_folder_that_cannot_be_used_is_told_in_one_sentence(template: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for data in (file, file / "below"):
        for options in ((), ("--detach",)):
            stack = StackProcess(template, data, *options)
            stack.output = tmp_path / "output.txt"
            stack.start()
            assert stack.until_ended() == 1
            (line,) = stack.said().splitlines()
            assert line.startswith(f"error: The data folder {data} cannot be used (")
