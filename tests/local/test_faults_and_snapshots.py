"""Faults on purpose and snapshots of all data, as `scripts/fault` and `scripts/snapshot` give them to a running stack."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.endpoints import Endpoints
from tests.chaos.faults.proxy import Proxy
from tests.local.stack_process import StackProcess

pytestmark = pytest.mark.engines

TEMPLATE = Path(__file__).parent / "second_application" / "template.yaml"
ADOPT = "petshop-AdoptFunction"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    process = StackProcess(TEMPLATE, tmp_path_factory.mktemp("faults") / "data")
    process.start()
    process.until_ready()
    yield process
    process.close()


@pytest.fixture(autouse=True)
def no_faults_left(stack: StackProcess) -> Iterator[None]:
    yield
    stack.command("fault", "clear")


def adopt(endpoints: Endpoints, name: str) -> int:
    request = urllib.request.Request(f"{endpoints.http_url}/pets", json.dumps({"name": name}).encode())
    request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def adopted(endpoints: Endpoints, name: str) -> int:
    try:
        with urllib.request.urlopen(f"{endpoints.http_url}/pets/{name}", timeout=60) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def fault(stack: StackProcess, *words: str) -> str:
    done = stack.command("fault", "add", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_function_fails_as_often_as_was_asked(stack: StackProcess) -> None:
    endpoints = stack.until_ready()
    assert fault(stack, "function", "AdoptFunction", "error", "--count", "2").startswith(f"f1: function {ADOPT}: error")
    assert [adopt(endpoints, "one") for _ in range(3)] == [500, 500, 202]
    assert stack.command("fault", "list").stdout == "Nothing fails on purpose.\n"


def test_a_function_is_throttled_until_that_is_cleared(stack: StackProcess) -> None:
    endpoints = stack.until_ready()
    fault(stack, "function", ADOPT, "throttle")
    assert adopt(endpoints, "two") == 503
    assert stack.command("fault", "clear").stdout == "Cleared 1.\n"
    assert adopt(endpoints, "two") == 202


def test_a_route_is_slow_or_refused_and_other_routes_are_not(stack: StackProcess) -> None:
    endpoints = stack.until_ready()
    fault(stack, "route", "POST /pets", "throttle", "--count", "1")
    fault(stack, "route", "GET /pets/{name}", "latency", "0.3", "--count", "1")
    assert [adopt(endpoints, "three"), adopt(endpoints, "three")] == [429, 202]
    began = time.monotonic()
    assert adopted(endpoints, "three") == 200
    assert time.monotonic() - began > 0.3


def test_functions_meet_the_faults_of_dynamodb(stack: StackProcess) -> None:
    """And find the engine itself again afterwards."""
    endpoints = stack.until_ready()
    fault(stack, "engine", "dynamodb", "error")
    assert adopt(endpoints, "four") == 500
    assert "(met 0 times)" not in stack.command("fault", "list").stdout
    stack.command("fault", "clear")
    assert adopt(endpoints, "four") == 202


def test_functions_reach_an_engine_via_a_proxy_of_ones_own(stack: StackProcess) -> None:
    endpoints = stack.until_ready()
    with Proxy(endpoints.dynamodb_port) as proxy:
        fault(stack, "engine", "dynamodb", "via", "--url", f"http://127.0.0.1:{proxy.port}")
        assert adopt(endpoints, "ten") == 202
        assert proxy.connections > 0
        stack.command("fault", "clear")
        passed = proxy.connections
        assert adopt(endpoints, "eleven") == 202
        assert proxy.connections == passed


def test_a_paused_broker_is_waited_for(stack: StackProcess) -> None:
    endpoints = stack.until_ready()
    assert fault(stack, "engine", "kafka", "pause", "1") == "Done: engine kafka: pause 1 s\n"
    assert adopt(endpoints, "five") == 202


def test_an_environment_is_killed_at_a_step_as_often_as_was_asked(stack: StackProcess) -> None:
    """Before the step nothing of it is done, after it all: seen in the table, and by whose process it was."""
    endpoints = stack.until_ready()
    fault(stack, "function", "AdoptFunction", "kill", "--at", "app:handler:before", "--count", "1")
    assert [adopt(endpoints, "six"), adopted(endpoints, "six"), adopt(endpoints, "six")] == [500, 404, 202]
    fault(stack, "function", "AdoptFunction", "kill", "--at", "app:handler:after", "--count", "1")
    assert [adopt(endpoints, "seven"), adopted(endpoints, "seven")] == [500, 200]
    assert stack.command("fault", "list").stdout == "Nothing fails on purpose.\n"
    met = [line.split(", request")[0] for line in stack.command("fault", "met").stdout.splitlines()]
    (_, before), (_, after) = (line.split(": pid ") for line in met)
    killed, at = zip(*(line.split(" at ") for line in (before, after)), strict=True)
    assert at == ("app:handler:before", "app:handler:after")
    assert not any(psutil.pid_exists(int(pid)) for pid in killed)


def test_an_environment_is_paused_at_a_step(stack: StackProcess) -> None:
    endpoints = stack.until_ready()
    fault(stack, "function", "AdoptFunction", "pause", "0.5", "--at", "app:handler:before", "--count", "1")
    began = time.monotonic()
    assert adopt(endpoints, "eight") == 202
    assert time.monotonic() - began > 0.5


def test_an_environment_is_killed_at_a_moment_of_its_invocation(stack: StackProcess) -> None:
    """Of this one while it is paused, so that the moment is within it."""
    endpoints = stack.until_ready()
    fault(stack, "function", "AdoptFunction", "pause", "5", "--at", "app:handler:before", "--count", "1")
    fault(stack, "function", "AdoptFunction", "kill", "--within", "0.5", "--count", "1")
    assert [adopt(endpoints, "nine"), adopted(endpoints, "nine")] == [500, 404]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["function", "Nobody", "error"], "There is no function Nobody. There are: AdoptFunction, "),
        (["route", "PUT /pets", "error"], "There is no route PUT /pets. There are: POST /pets, GET /pets/{name}"),
        (["engine", "kafka", "latency", "1"], "The engine kafka can have: pause, kill; not 'latency'."),
        (["function", ADOPT, "latency"], "latency needs seconds."),
        (
            ["function", ADOPT, "kill", "--at", "app:sell:before"],
            "app has no sell. Beside it stand: Producer, handler.",
        ),
        (["function", ADOPT, "kill", "--at", "sell"], "A step is module:name:before or module:name:after, not 'sell'."),
    ],
)
def test_what_cannot_be_is_refused_with_what_there_is(stack: StackProcess, words: list[str], said: str) -> None:
    refused = stack.command("fault", "add", *words)
    assert refused.returncode == 1
    assert said in refused.stderr


def test_a_running_stack_goes_back_to_a_snapshot(stack: StackProcess) -> None:
    endpoints = stack.until_ready()
    assert adopt(endpoints, "before") == 202
    assert stack.command("snapshot", "save", "shop").stdout.startswith("Saved shop: ")
    assert adopt(endpoints, "after") == 202
    loaded = stack.command("snapshot", "load", "shop")
    assert loaded.stdout.startswith("Loaded shop: the stack runs on it again after"), loaded.stderr
    assert (adopted(endpoints, "before"), adopted(endpoints, "after")) == (200, 404)
    assert adopt(endpoints, "later") == 202
    assert "shop" in stack.command("snapshot", "list").stdout
    unknown = stack.command("snapshot", "load", "other")
    assert (unknown.returncode, unknown.stderr) == (1, "error: There is no snapshot other. There are: shop.\n")
