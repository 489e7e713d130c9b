"""A developer's day at the real scripts, against a running stack and after it has stopped."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.endpoints import Endpoints
from tests.local.stack_process import ROOT, StackProcess

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: hello/
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: "/hello/{name}"}}
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /hello}}
"""
SOURCE = """\
import json
import logging
import os

def handler(event, context):
    logging.getLogger().warning("greeting")
    print(json.dumps({"level": "INFO", "message": "as JSON \\x1b[31m", "who": event["pathParameters"]["name"]}))
    if os.path.exists(os.path.join(os.path.dirname(__file__), "broken")):
        raise KeyError(event["pathParameters"]["name"])
    return {"statusCode": 200, "body": json.dumps({"hello": event["pathParameters"]["name"]})}
"""


class Day:
    """A stack and the scripts about it, called from a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "hello").mkdir()
        (folder / "hello" / "app.py").write_text(SOURCE)
        (folder / "template.yaml").write_text(TEMPLATE)
        self.stack = StackProcess(folder / "template.yaml", folder / "data")
        self.endpoints = Endpoints()

    def start(self) -> None:
        self.stack.start()
        self.endpoints = self.stack.until_ready()

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"{self.endpoints.http_url}{path}") as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def command(self, *arguments: str) -> list[str]:
        name, *rest = arguments
        return [str(ROOT / "scripts" / name), *self.stack.place, *rest]

    def script(self, *arguments: str, given: str = "", code: int = 0) -> str:
        """What it prints to stdout, or, where it fails, to stderr."""
        ended = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            env=os.environ | {"PYTHON": sys.executable},
        )
        assert ended.returncode == code, (ended.stdout, ended.stderr)
        return ended.stderr if code and not ended.stdout else ended.stdout

    def until_listed(self, *arguments: str) -> list[str]:
        """Lines of `scripts/replay --list`, without its heading, once there are some."""
        deadline = time.monotonic() + 30
        while True:
            ended = subprocess.run(
                self.command("replay", "--list", *arguments),
                cwd=self.folder,
                capture_output=True,
                text=True,
                timeout=60,
                env=os.environ | {"PYTHON": sys.executable},
            )
            if ended.returncode == 0:
                return ended.stdout.splitlines()[1:]
            assert time.monotonic() < deadline, ended.stderr


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    day = Day(tmp_path_factory.mktemp("day"))
    day.start()
    yield day
    day.stack.close()


def test_replay_shows_what_a_change_did(day: Day) -> None:
    assert day.get("/hello/Ada") == 200
    (line,) = day.until_listed("--grep", "hello/Ada")
    assert re.fullmatch(r"\d\d \w{3} [\d:.]{12} [0-9a-f]{8} \S+-Hello +http +[\d.]+ ms  ok", line), line
    request_id = line.split()[3]
    shown = day.script("replay", "--show", request_id)
    assert '"rawPath": "/hello/Ada"' in shown
    assert "as JSON" in shown
    assert "\x1b" not in shown
    assert "the same answer" in day.script("replay", request_id)
    source = day.folder / "hello" / "app.py"
    source.write_text(SOURCE.replace('"hello":', '"goodbye":'))
    deadline = time.monotonic() + 30
    while "goodbye" not in (said := day.script("replay", "--last", "Hello", "--source", "http")):
        assert time.monotonic() < deadline, said
    assert '-    "hello": "Ada"' in said
    assert '+    "goodbye": "Ada"' in said
    source.write_text(SOURCE)


def test_errors_are_replayed_together(day: Day) -> None:
    broken = day.folder / "hello" / "broken"
    broken.write_text("")
    assert [day.get(f"/hello/{name}") for name in ("Bo", "Cy")] == [500, 500]
    assert len(day.until_listed("--errors", "Hello", "--source", "http")) == 2
    said = day.script("replay", "--errors", "Hello", "--since", "1h", "--source", "http", code=1)
    assert "2 sent again: 2 failed, 0 answered otherwise than before." in said
    broken.unlink()
    said = day.script("replay", "--errors", "Hello", "--source", "http")
    assert "2 sent again: 0 failed, 2 answered otherwise than before." in said
    assert "before: error: KeyError 'Bo'" in said


def test_save_and_invoke(day: Day) -> None:
    assert day.get("/hello/Dee") == 200
    request_id = day.until_listed("--grep", "hello/Dee")[0].split()[3]
    day.script("replay", "--save", request_id, "dee.json")
    assert json.loads((day.folder / "dee.json").read_text())["rawPath"] == "/hello/Dee"
    assert "is there already" in day.script("replay", "--save", request_id, "dee.json", code=1)
    assert json.loads(day.script("invoke", "Hello", "--event", "dee.json"))["statusCode"] == 200
    given = (day.folder / "dee.json").read_text()
    assert json.loads(day.script("invoke", "hello", "-", given=given))["statusCode"] == 200


def test_invoke_generates(day: Day) -> None:
    answer = json.loads(day.script("invoke", "Hello", "--generate", "--path", "/hello/Eve"))
    assert json.loads(answer["body"]) == {"hello": "Eve"}
    printed = json.loads(
        day.script("invoke", "Hello", "--generate", "--method", "POST", "--body", "{}", "--print-only")
    )
    assert printed["routeKey"] == "POST /hello"
    assert printed["requestContext"]["domainName"] == f"127.0.0.1:{day.endpoints.http_port}"
    assert day.script("invoke", "Hello", "--generate", "--async").startswith("queued: ")


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("invoke", "Hallo"), "", "No function is called Hallo. Did you mean Hello? There are: Hello (hello)."),
        (("invoke", "Hello"), "", "events/Hello.json: write one"),
        (("invoke", "Hello", "-"), '{"a": 1,\n b}', "is not JSON: Expecting property name enclosed in double quotes at line 2"),
        (("invoke", "Hello", "--event", "none.json"), "", "There is no event file none.json"),
        (("invoke", "Hello", "--generate", "--path", "/other"), "", "/other does not lead to"),
        (("invoke", "Hello", "--generate", "--header", "odd"), "", "--header 'odd' is not NAME:VALUE"),
        (("invoke", "Hello", "--body", "x"), "", "goes with --generate"),
        (("replay",), "", "Say which: an ID, --last"),
        (("replay", "nothing"), "", "No invocation nothing is kept"),
        (("replay", "--last", "Nobody"), "", "Nobody is no function that was invoked"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told(day: Day, arguments: tuple[str, ...], given: str, said: str) -> None:
    assert said in day.script(*arguments, given=given, code=1)


def test_logs(day: Day) -> None:
    assert day.get("/hello/Fay") == 200
    request_id = day.until_listed("--grep", "hello/Fay")[0].split()[3]
    whole = json.loads(day.script("replay", "--show", request_id).partition("Event\n")[2].partition("\n\nResponse")[0])
    assert whole["rawPath"] == "/hello/Fay"
    text = day.script("logs", "Hello", "--since", "1h")
    assert re.search(r"^[\d:.]{12} WARNING  Hello greeting$", text, re.MULTILINE)
    assert re.search(r"^[\d:.]{12} INFO     Hello as JSON \\x1b\[31m  who=Fay$", text, re.MULTILINE)
    assert re.search(r"^[\d:.]{12}          Hello [\d.]+ ms, \d+ of 128 MB", text, re.MULTILINE)
    assert "START" not in text
    assert "\x1b" not in text
    (fay,) = day.script("logs", "hello", "--grep", "Fay", "--level", "info").splitlines()
    assert "who=Fay" in fay
    raw = [line for line in day.script("logs", "Hello", "--json", "-n", "1000").splitlines() if "Fay" in line]
    assert json.loads(raw[0])["who"] == "Fay"
    full = day.script("replay", "--show", request_id).split()[0]
    of_one = day.script("logs", "--request-id", full)
    assert "who=Fay" in of_one
    assert len(of_one.splitlines()) <= 3


def test_logs_follow(day: Day) -> None:
    process = subprocess.Popen(
        day.command("logs", "-f", "-n", "0", "Hello"),
        cwd=day.folder,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHON": sys.executable},
    )
    assert process.stdout is not None
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    stop = threading.Event()

    def call() -> None:
        # It begins to follow some time after it was started.
        while not stop.wait(0.2):
            day.get("/hello/Gus")

    caller = threading.Thread(target=call)
    caller.start()
    try:
        found = next((line for line in process.stdout if "who=Gus" in line), "")
    finally:
        stop.set()
        caller.join()
        process.terminate()
        process.wait()
        watchdog.cancel()
        process.stdout.close()
    assert found


def test_what_a_stopped_stack_has_left_is_read(day: Day) -> None:
    assert day.get("/hello/Bob") in (200, 500)
    assert day.until_listed("--grep", "hello/Bob")
    day.stack.stop()
    assert day.until_listed("--source", "http", "-n", "1")
    assert "greeting" in day.script("logs", "Hello")
    assert "is not running: start it with scripts/run" in day.script("invoke", "Hello", "--generate", code=1)
    assert "is not running" in day.script("replay", "--last", code=1)
    assert "is not running: start it with scripts/run" in day.script("fault", "list", code=1)
    assert day.script("invoke", "Hello", "--generate", "--print-only").startswith("{")


@pytest.mark.parametrize("name", ["logs", "invoke", "replay"])
def test_help_is_read_at_once(name: str) -> None:
    command = [str(ROOT / "scripts" / name), "--help"]
    env = os.environ | {"PYTHON": sys.executable}
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, env=env)
    assert ended.returncode == 0
    assert "examples:" in ended.stdout
