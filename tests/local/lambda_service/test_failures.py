"""What the caller sees when a function fails, as the Lambda developer guide and awslambdaric word it."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from local.lambda_service import warm_parent
from local.lambda_service.service import LambdaService
from tests.local.lambda_service.conftest import Sandbox, Start
from tests.local.lambda_service.waiting import eventually


async def failure(service: LambdaService, name: str, event: str = "{}") -> tuple[dict[str, Any], str, str]:
    """Error object, log and request id of an invocation that has to fail."""
    result = await service.invoke(name, event.encode())
    assert result.function_error == "Unhandled"
    return json.loads(result.payload), result.log_tail.decode(), result.request_id


@pytest.mark.parametrize(
    ("source", "handler", "kind", "message"),
    [
        ("def handler(event, context):\n    raise KeyError('k')\n", "app.handler", "KeyError", "'k'"),
        (
            "import nothing_such\n",
            "app.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'app': No module",
        ),
        ("", "app.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("", "nowhere.handler", "Runtime.ImportModuleError", "Unable to import module 'nowhere'"),
        ("", "handler", "Runtime.MalformedHandlerName", "Bad handler 'handler'"),
        ("def handler(:\n", "app.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
        ("1 / 0\n", "app.handler", "ZeroDivisionError", "division by zero"),
        (
            "def handler(e, c):\n    return {1, 2}\n",
            "app.handler",
            "Runtime.MarshalError",
            "Unable to marshal response",
        ),
    ],
)
async def test_errors_of_the_function(
    sandbox: Sandbox, start: Start, source: str, handler: str, kind: str, message: str
) -> None:
    sandbox.add("f", source, handler=handler)
    service = await start()
    error, log, _ = await failure(service, "f")
    assert error["errorType"] == kind
    assert message in error["errorMessage"]
    assert f"[ERROR] {kind}" in log
    assert f"Status: error\tError Type: {kind}" in log


async def test_a_failing_import_is_tried_twice(sandbox: Sandbox, start: Start) -> None:
    sandbox.add("f", "print('importing')\n1 / 0\n")
    service = await start()
    await failure(service, "f")
    log = (sandbox.logs / "f.log").read_text()
    assert log.count("importing") == 2
    assert "Phase: init\tStatus: error\tError Type: ZeroDivisionError" in log
    assert service.environments("f") == 0


async def test_timeout_kills_and_starts_anew(sandbox: Sandbox, start: Start) -> None:
    source = """
import os, time
def handler(event, context):
    print("before")
    time.sleep(event)
    return os.getpid()
"""
    sandbox.add("f", source, timeout_s=0.3)
    service = await start()
    first = json.loads((await service.invoke("f", b"0")).payload)
    error, log, request_id = await failure(service, "f", "60")
    text = "Task timed out after 0.30 seconds"
    assert error == {"errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: {request_id} Error: {text}"}
    assert "before\n" in log
    assert f"{request_id} {text}" in log
    assert log.rstrip().endswith("Status: timeout")
    await eventually(lambda: not os.path.exists(f"/proc/{first}"))
    assert json.loads((await service.invoke("f", b"0")).payload) != first


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("sys.exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
    ],
)
async def test_exits(sandbox: Sandbox, start: Start, statement: str, reason: str) -> None:
    sandbox.add("f", f"import os, sys\ndef handler(event, context):\n    if event:\n        {statement}\n")
    sandbox.add("at_import", f"import os, sys\n{statement}\n")
    service = await start()
    for name in ("f", "at_import"):
        error, log, request_id = await failure(service, name, "1")
        assert error == {"errorType": "Runtime.ExitError", "errorMessage": f"RequestId: {request_id} Error: {reason}"}
        assert "Error Type: Runtime.ExitError" in log
    assert (await service.invoke("f", b"0")).function_error is None


async def test_slow_init(sandbox: Sandbox, start: Start) -> None:
    sandbox.add("slow", "import time\ntime.sleep(0.4)\ndef handler(event, context):\n    return 1\n", timeout_s=5)
    # not in the scratch process of the preload, which has no log stream
    never = "import os, time\nif 'AWS_LAMBDA_LOG_STREAM_NAME' in os.environ:\n    time.sleep(60)\n"
    sandbox.add("never", never, timeout_s=0.3)
    service = await start(init_timeout_s=0.2)
    assert (await service.invoke("slow", b"{}")).payload == b"1"
    assert "Phase: init\tStatus: timeout" in (sandbox.logs / "slow.log").read_text()
    error, _, _ = await failure(service, "never")
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith("Task timed out after 0.30 seconds")


async def test_response_too_large(sandbox: Sandbox, start: Start) -> None:
    sandbox.add("f", "def handler(event, context):\n    return 'a' * event\n")
    service = await start()
    assert (await service.invoke("f", b"6291554")).function_error is None
    error, _, _ = await failure(service, "f", "6291555")
    assert error["errorType"] == "Function.ResponseSizeTooLarge"
    assert error["errorMessage"] == (
        "Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes)."
    )
    assert (await service.invoke("f", b"1")).payload == b'"a"'


async def test_memory(sandbox: Sandbox, start: Start) -> None:
    source = "import time\ndef handler(event, context):\n    kept = b'a' * (300 << 20)\n    time.sleep(20)\n"
    sandbox.add("f", source, memory_mb=200)
    service = await start(memory_check_s=0.05)
    error, log, _ = await failure(service, "f")
    assert error["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert "Max Memory Used: 200 MB" in log


async def test_memory_that_leaks_slowly(sandbox: Sandbox, start: Start) -> None:
    """Each invocation is over before anybody measures."""
    source = "kept = []\ndef handler(event, context):\n    kept.append(b'a' * (25 << 20))\n    return len(kept)\n"
    sandbox.add("f", source, memory_mb=200)
    service = await start(memory_check_s=60)
    results = [await service.invoke("f", b"{}") for _ in range(9)]
    failed = next(result for result in results if result.function_error)
    assert b"Runtime exited with error: signal: killed" in failed.payload
    assert b"Max Memory Used: 200 MB" in failed.log_tail
    assert (await service.invoke("f", b"{}")).function_error is None


async def test_survives_the_end_of_the_warm_parent(sandbox: Sandbox, start: Start) -> None:
    sandbox.add("f", "import time\ndef handler(event, context):\n    time.sleep(event)\n    return 'done'\n")
    service = await start()
    await service.invoke("f", b"0")
    os.kill(service.start_report["ready"], signal.SIGKILL)
    await eventually(lambda: service.environments("f") == 0)
    assert (await service.invoke("f", b"0")).payload == b'"done"'


async def test_what_a_function_leaves_running_ends_with_a_killed_warm_parent(sandbox: Sandbox, start: Start) -> None:
    source = (
        "import os, time\ndef handler(event, context):\n    read, write = os.pipe()\n    if os.fork() == 0:\n"
        "        os.setsid()\n        if pid := os.fork():\n            os.write(write, str(pid).encode())\n"
        "            os._exit(0)\n        time.sleep(600)\n    os.wait()\n    return int(os.read(read, 20))\n"
    )
    sandbox.add("f", source)
    service = await start()
    daemon = int((await service.invoke("f", b"0")).payload)
    os.kill(service.start_report["ready"], signal.SIGKILL)
    await eventually(lambda: service.environments("f") == 0)
    await service.invoke("f", b"0")
    await eventually(lambda: not Path(f"/proc/{daemon}").exists())


async def test_a_stopped_parent_is_replaced(
    sandbox: Sandbox, start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A function may stop the processes that it is forked from: no other function waits for ever."""
    monkeypatch.setattr(warm_parent, "_FORK_LIMIT_S", 0.5)
    sandbox.add("f", "import os\ndef handler(event, context):\n    return os.getppid()\n")
    sandbox.add("g", "def handler(event, context):\n    return 1\n")
    service = await start()
    parent = int((await service.invoke("f", b"0")).payload)
    libraries = psutil.Process(parent).ppid()
    os.kill(parent, signal.SIGSTOP)
    assert (await service.invoke("g", b"0")).payload == b"1"
    assert "the parent of all Lambda environments has not answered" in caplog.text
    os.kill(libraries, signal.SIGSTOP)
    os.kill(service.start_report["ready"], signal.SIGKILL)
    await eventually(lambda: service.environments("g") == 0)
    assert (await service.invoke("g", b"0")).payload == b"1"
    assert "the parent of all libraries has not answered" in caplog.text


async def test_imports_that_exit_or_fork_keep_no_other_function(sandbox: Sandbox, start: Start, tmp_path: Path) -> None:
    """The processes left behind would hold open what the service waits for."""
    sandbox.add("exits", "import os\nos._exit(3)\n")
    left = tmp_path / "left"
    sandbox.add(
        "forks",
        f"import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        f"        open({str(left)!r}, 'a').write(f'{{os.getpid()}}\\n')\n        time.sleep(600)\n    os._exit(0)\n"
        "def handler(event, context):\n    return 1\n",
    )
    sandbox.add("f", "def handler(event, context):\n    return 1\n")
    service = await start()
    assert (await service.invoke("f", b"0")).payload == b"1"
    assert "ends the process" in service.import_errors["exits"]
    (daemon,) = left.read_text().split()
    assert not psutil.pid_exists(int(daemon))


async def test_an_environment_that_cannot_be_started_is_told(
    sandbox: Sandbox, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.add("f", "import os\ndef handler(event, context):\n    return os.path.isdir(os.environ['TMPDIR'])\n")
    service = await start()
    folder = sandbox.logs / "temporary"
    folder.rmdir()
    folder.write_text("in the way")
    with pytest.raises(OSError, match="exists"):
        await service.invoke("f", b"0")
    assert "no environment of f can be started: FileExistsError" in caplog.text
    folder.unlink()
    assert (await service.invoke("f", b"0")).payload == b"true"


async def test_a_thread_left_by_a_library_does_no_harm(sandbox: Sandbox, start: Start) -> None:
    """Threads that only show once everything is together: the warm parent then shares nothing."""
    layer = sandbox.layer(
        "layer",
        {
            "lazy.py": "import sys, threading, time\nif sys.argv[0] != '/var/runtime/bootstrap':\n"
            "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        },
    )
    sandbox.add(
        "f",
        "import lazy\ndef handler(event, context):\n    return 1\n",
        layers=(layer,),
    )
    service = await start()
    assert service.start_report["bare"] is True
    assert (await service.invoke("f", b"0")).payload == b"1"
    assert time.monotonic() > 0
