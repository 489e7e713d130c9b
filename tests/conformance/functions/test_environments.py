"""The life of environments: init, reuse, freeze, limits, end."""

import concurrent.futures
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.conformance.functions.conftest import Functions, Start, eventually


def at_once(functions: Functions, count: int, action: str, function: str, **event: Any) -> list[Any]:
    with concurrent.futures.ThreadPoolExecutor(count) as threads:
        calls = [threads.submit(functions.do, action, function, **event) for _ in range(count)]
    return [call.result() for call in calls]


@pytest.mark.statement("lambda.reuse")
def test_is_reused(functions: Functions) -> None:
    first = functions.result("look", "patient")
    second = functions.result("look", "patient")
    assert (second["pid"], second["calls"]) == (first["pid"], first["calls"] + 1)
    assert second["imports"] == 1


@pytest.mark.statement("lambda.one-at-a-time")
def test_one_at_a_time(functions: Functions) -> None:
    pids = [answer.payload for answer in at_once(functions, 3, "sleep", "patient", seconds=1)]
    assert len(set(pids)) == 3


@pytest.mark.statement("lambda.reuse", "lambda.fresh-temporary-folder")
def test_temporary_files(functions: Functions) -> None:
    first = functions.result("temporary_file", "small")
    again = functions.result("temporary_file", "small")
    assert (first["found"], again["found"]) == ([], ["mine"])
    assert functions.do("kill", "small").error == "Unhandled"
    after = functions.result("temporary_file", "small")
    assert after["found"] == []
    assert after["folder"] != first["folder"]
    eventually(lambda: not Path(first["folder"]).exists())


@pytest.mark.statement("lambda.frozen")
def test_is_frozen_between_invocations(functions: Functions) -> None:
    pid = functions.result("start_thread", "small")
    process = psutil.Process(pid)
    eventually(lambda: process.status() == psutil.STATUS_STOPPED)
    before = functions.result("look", "small")
    assert before["pid"] == pid
    eventually(lambda: process.status() == psutil.STATUS_STOPPED)
    # The thread ticks a hundred times a second while the process runs: a second of its own would show.
    functions.result("sleep", "patient", seconds=1)
    assert functions.result("look", "small")["ticks"] - before["ticks"] < 50
    functions.result("sleep", "small", seconds=1)
    assert functions.result("look", "small")["ticks"] - before["ticks"] > 50


@pytest.mark.statement("lambda.left-behind")
@pytest.mark.parametrize("action", ["fork_and_leave", "fork_daemon"])
def test_what_is_left_behind_ends_with_the_environment(functions: Functions, action: str) -> None:
    pid, child = functions.result(action, "small")
    assert functions.result("look", "small")["pid"] == pid
    assert psutil.pid_exists(child)
    assert functions.do("kill", "small").error == "Unhandled"
    eventually(lambda: not psutil.pid_exists(child))


@pytest.mark.statement("lambda.left-behind")
def test_nothing_outlives_a_killed_stack(start: Start) -> None:
    functions = start()
    left = [*functions.result("fork_and_leave", "small"), *functions.result("fork_daemon", "small")]
    functions.stack.process.kill()
    functions.stack.until_ended()
    eventually(lambda: not any(psutil.pid_exists(pid) for pid in left))


@pytest.mark.statement("lambda.reclaim")
def test_idle_environments_end(start: Start) -> None:
    functions = start(idle_timeout_s="1")
    first = functions.result("look", "small")
    eventually(lambda: not psutil.pid_exists(first["pid"]))
    second = functions.result("look", "small")
    assert (second["pid"] != first["pid"], second["calls"]) == (True, 1)


@pytest.mark.statement("lambda.account-concurrency")
def test_account_concurrency(start: Start) -> None:
    functions = start(account_concurrency="1")
    with running(functions, "patient"):
        assert throttle_reason(functions, "actions") == "ConcurrentInvocationLimitExceeded"
    assert functions.invoke("actions", 1).payload == 1


@pytest.mark.statement("lambda.init-limit")
def test_a_slow_init(functions: Functions) -> None:
    """Longer than init may take (1 second here), and not than the function may run."""
    assert functions.invoke("slow").payload == "in the end"
    assert re.search(
        r"INIT_REPORT Init Duration: 1\d\d\d\.\d\d ms\tPhase: init\tStatus: timeout", functions.log("slow")
    )


@pytest.mark.statement("lambda.init-limit")
def test_an_init_that_never_ends(functions: Functions) -> None:
    answer = functions.invoke("hangs")
    text = f"RequestId: {answer.request_id} Error: Task timed out after 3.00 seconds"
    assert answer.payload == {"errorType": "Sandbox.Timedout", "errorMessage": text}


@pytest.mark.statement("lambda.memory-limit")
@pytest.mark.parametrize("action", ["leak", "child_leaks"])
def test_memory_is_limited(functions: Functions, action: str) -> None:
    answer = functions.do(action, "small")
    reason = f"RequestId: {answer.request_id} Error: Runtime exited with error: signal: killed"
    assert answer.payload == {"errorType": "Runtime.ExitError", "errorMessage": reason}
    assert "Memory Size: 128 MB\tMax Memory Used: 128 MB" in answer.log
    assert functions.invoke("small", "again").payload == "again"


@pytest.mark.statement("lambda.memory-limit")
def test_memory_is_reported(functions: Functions) -> None:
    answer = functions.do("hold", "talkative", mb=60)
    assert answer.error is None
    (used,) = re.findall(r"Memory Size: 256 MB\tMax Memory Used: (\d+) MB", answer.log)
    assert 60 < int(used) < 128


@pytest.mark.statement("lambda.context", "lambda.variables")
def test_context_and_variables(functions: Functions) -> None:
    answer = functions.do("context_fields")
    fields = answer.payload
    assert 0 < fields.pop("remaining") <= 3000
    stream = fields.pop("log_stream_name")
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
    assert fields == {
        "function_name": "actions",
        "function_version": "$LATEST",
        "invoked_function_arn": "arn:aws:lambda:us-east-1:000000000000:function:actions",
        "memory_limit_in_mb": "256",
        "aws_request_id": answer.request_id,
        "log_group_name": "/aws/lambda/actions",
        "identity": [None],
        "client_context": None,
    }
    seen = functions.result("look")
    assert seen["cwd"] == seen["task_root"]
    expected = {
        "AWS_LAMBDA_FUNCTION_NAME": "actions",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/actions",
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "_HANDLER": "app.handler",
        "TZ": ":UTC",
        "FOLDER": str(functions.folder),
    }
    assert expected.items() <= seen["environ"].items()


@pytest.mark.statement("lambda.reserved-concurrency", "lambda.asynchronous-throttles")
def test_reserved_concurrency(functions: Functions) -> None:
    with running(functions, "reserved"):
        assert throttle_reason(functions, "reserved") == "ReservedFunctionConcurrentInvocationLimitExceeded"
        request_id = functions.send("reserved", {"do": "mark", "file": "reserved-later"})
    later = functions.folder / "reserved-later"  # throttled first
    eventually(later.exists)
    assert later.read_text() == request_id


@contextmanager
def running(functions: Functions, function: str) -> Iterator[None]:
    """While an invocation of a function runs."""
    file = functions.folder / f"running-{function}"
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        call = threads.submit(functions.do, "mark", function, file=file.name, seconds=4)
        eventually(file.with_suffix(".begun").exists)
        yield
        assert call.result().error is None


def throttle_reason(functions: Functions, function: str) -> str:
    client = functions.client()
    with pytest.raises(client.exceptions.TooManyRequestsException) as caught:
        client.invoke(FunctionName=function, Payload=b"1")
    response: Any = caught.value.response
    return str(response["Reason"])
