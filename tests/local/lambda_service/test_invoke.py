import asyncio
import json
import os
from typing import Any

import pytest

from local.lambda_service.errors import (
    FunctionNotFound,
    InvalidRequestContent,
    PayloadTooLarge,
    TooManyRequests,
    UnsupportedFunction,
)
from local.lambda_service.service import LambdaService
from local.lambda_service.warm_parent import WarmParentLost
from tests.local.lambda_service.conftest import Sandbox, Start
from tests.local.lambda_service.waiting import eventually


async def answer(service: LambdaService, name: str, event: Any = None) -> Any:
    result = await service.invoke(name, json.dumps(event).encode())
    assert result.function_error is None, result.payload
    return json.loads(result.payload)


async def test_answers_and_is_reused(sandbox: Sandbox, start: Start) -> None:
    sandbox.add("count", "calls = []\ndef handler(event, context):\n    calls.append(event)\n    return calls\n")
    service = await start()
    assert await answer(service, "count", {"é": 1}) == [{"é": 1}]
    assert await answer(service, "count", 2) == [{"é": 1}, 2]
    assert service.environments("count") == 1
    result = await service.invoke("count", b"")
    assert json.loads(result.payload)[-1] == {}
    assert result.status == 200


async def test_gives_what_lambda_gives(sandbox: Sandbox, start: Start) -> None:
    layer = sandbox.layer("layer", {"greeting.py": "WORD = 'hello'\n"})
    source = """
import json, os, sys, greeting
def handler(event, context):
    return {
        "environ": dict(os.environ), "cwd": os.getcwd(), "path": sys.path[:2], "word": greeting.WORD,
        "id": context.aws_request_id, "name": context.function_name, "memory": context.memory_limit_in_mb,
        "left": context.get_remaining_time_in_millis(), "arn": context.invoked_function_arn,
        "stream": context.log_stream_name, "custom": context.client_context.custom, "group": context.log_group_name,
    }
"""
    function = sandbox.add("look", source, layers=(layer,), environment={"TABLE": "t", "AWS_REGION": "refused"})
    service = await start()
    result = await service.invoke("look", b"{}", client_context='{"custom": {"a": "b"}}')
    seen = json.loads(result.payload)
    assert seen["cwd"] == str(function.code)
    assert seen["path"] == [str(function.code), str(layer / "python")]
    assert (seen["word"], seen["name"], seen["memory"]) == ("hello", "look", "512")
    assert seen["id"] == result.request_id
    assert 0 < seen["left"] <= 10_000
    assert seen["arn"] == function.arn
    assert seen["custom"] == {"a": "b"}
    environ = seen["environ"]
    assert environ["TABLE"] == "t"
    assert environ["AWS_REGION"] == "us-east-1"
    assert environ["AWS_ENDPOINT_URL_DYNAMODB"] == "http://127.0.0.1:4567"
    assert environ["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert environ["AWS_LAMBDA_LOG_STREAM_NAME"] == seen["stream"]
    assert "AWS_SESSION_TOKEN" not in environ
    assert not {"HOME", "VIRTUAL_ENV", "PYTHONPATH"} & environ.keys()


async def test_modules_of_one_function_never_reach_another(sandbox: Sandbox, start: Start) -> None:
    for name in ("one", "two"):
        sandbox.add(name, "import part\ndef handler(event, context):\n    return part.NAME\n")
        (sandbox.folder / name / "part.py").write_text(f"NAME = {name!r}\n")
    service = await start()
    assert await asyncio.gather(*(answer(service, name) for name in ("one", "two", "one"))) == ["one", "two", "one"]


async def test_layers_and_shadowing(sandbox: Sandbox, start: Start) -> None:
    first = sandbox.layer("first", {"shared.py": "VERSION = 1\n", "only_first.py": ""})
    second = sandbox.layer("second", {"shared.py": "VERSION = 2\n"})
    version = "import shared\ndef handler(event, context):\n    return shared.VERSION\n"
    sandbox.add("a", "import only_first\n" + version, layers=(first,))
    sandbox.add("b", version, layers=(first,))
    sandbox.add("c", version, layers=(second,))
    sandbox.add("d", version, layers=(first,))
    (sandbox.folder / "d" / "shared.py").write_text("VERSION = 'own'\n")
    sandbox.add("e", "def handler(event, context):\n    import only_first\n")
    service = await start()
    assert [await answer(service, name) for name in "abcd"] == [1, 1, 2, "own"]
    refused = json.loads((await service.invoke("e", b"{}")).payload)
    assert refused["errorType"] == "ModuleNotFoundError"


async def test_shares_imports_but_nothing_that_depends_on_the_function(sandbox: Sandbox, start: Start) -> None:
    layer = sandbox.layer(
        "layer",
        {
            "plain.py": "import os\nPID = os.getpid()\nSTAGE = os.environ['STAGE']\n",
            "settings.py": "import os\nPID = os.getpid()\nNAME = os.environ['NAME']\n",
            "user.py": "import os, settings\nPID = os.getpid()\n",
            "token.py": "",
            "drawn.py": "import os\nPID = os.getpid()\nNUMBER = os.urandom(8)\n",
            "threads.py": "import os, threading\nPID = os.getpid()\nthreading.Thread(target=print).start()\n",
        },
    )
    source = """
import os, plain, settings, user, drawn, threads
def handler(event, context):
    return {"name": settings.NAME, "shared": [m.__name__ for m in (plain, settings, user, drawn, threads)
            if m.PID != os.getpid()]}
"""
    for name in ("x", "y"):
        sandbox.add(name, source, layers=(layer,), environment={"NAME": name, "STAGE": "dev"})
    service = await start()
    for name in ("x", "y"):
        assert await answer(service, name) == {"name": name, "shared": ["plain"]}


async def test_logs(sandbox: Sandbox, start: Start) -> None:
    source = """
import logging, os, sys
print("at import")
def handler(event, context):
    print("printed", event)
    print("to stderr", file=sys.stderr)
    logging.getLogger().warning("logged")
    os.system("echo from a child")
    if event == "long":
        print("y" * 100_000)
"""
    sandbox.add("talk", source)
    service = await start()
    result = await service.invoke("talk", b"1")
    lines = result.log_tail.decode().splitlines()
    assert lines[0] == f"START RequestId: {result.request_id} Version: $LATEST"
    assert "printed 1" in lines
    assert "to stderr" in lines
    assert "from a child" in lines
    assert any(line.startswith("[WARNING]\t") and f"\t{result.request_id}\tlogged" in line for line in lines)
    assert lines[-2] == f"END RequestId: {result.request_id}"
    assert lines[-1].startswith(f"REPORT RequestId: {result.request_id}\tDuration: ")
    assert "Init Duration" in lines[-1]
    log = (sandbox.logs / "talk.log").read_text()
    assert log.startswith("at import\nSTART")
    second = await service.invoke("talk", b'"long"')
    assert len(second.log_tail) == 4096
    assert "Init Duration" not in second.log_tail.decode()
    assert log in (sandbox.logs / "talk.log").read_text()


async def test_refusals(sandbox: Sandbox, start: Start) -> None:
    sandbox.add("f", "def handler(event, context):\n    return len(event)\n")
    service = await start()
    with pytest.raises(FunctionNotFound):
        await service.invoke("g", b"{}")
    with pytest.raises(InvalidRequestContent):
        await service.invoke("f", b"{'a'")
    with pytest.raises(PayloadTooLarge):
        await service.invoke("f", b'"' + b"a" * 6_291_455 + b'"')
    assert await answer(service, "f", "a" * 6_000_000) == 6_000_000
    with pytest.raises(PayloadTooLarge):
        service.invoke_event("f", b'"' + b"a" * 1_048_575 + b'"')


async def test_refuses_what_it_cannot_run(sandbox: Sandbox, start: Start) -> None:
    sandbox.add("node", "", runtime="nodejs22.x")
    with pytest.raises(UnsupportedFunction, match=r"Node: runtime nodejs22\.x"):
        await start()


async def test_concurrency(sandbox: Sandbox, start: Start) -> None:
    source = "import os, time\ndef handler(event, context):\n    time.sleep(0.3)\n    return os.getpid()\n"
    sandbox.add("slow", source)
    sandbox.add("reserved", source, reserved_concurrency=1)
    sandbox.add("off", source, reserved_concurrency=0)
    service = await start(eager_environments=2, max_environments=3)
    pids = await asyncio.gather(*(answer(service, "slow") for _ in range(6)))
    assert 2 <= len(set(pids)) <= 3
    results = await asyncio.gather(*(service.invoke("reserved", b"{}") for _ in range(2)), return_exceptions=True)
    assert isinstance(results[1], TooManyRequests)
    assert not isinstance(results[0], BaseException)
    with pytest.raises(TooManyRequests):
        await service.invoke("off", b"{}")


async def test_a_caller_that_stops_waiting_does_not_stop_the_function(sandbox: Sandbox, start: Start) -> None:
    marker = sandbox.folder / "done"
    source = (
        f"import time\ndef handler(event, context):\n    time.sleep(event)\n    open({str(marker)!r}, 'w').close()\n"
    )
    sandbox.add("slow", source)
    service = await start()
    await answer(service, "slow", 0)
    marker.unlink()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(service.invoke("slow", b"0.3"), 0.05)
    await eventually(marker.exists)
    # The marker is there before the invocation has ended; until then the environment is not free.
    await eventually(lambda: not any(service._pools["slow"].working()))
    await answer(service, "slow", 0)
    assert service.environments("slow") == 1


async def test_idle_environments_end(sandbox: Sandbox, start: Start) -> None:
    sandbox.add("f", "import os\ndef handler(event, context):\n    return os.getpid()\n")
    service = await start(idle_timeout_s=0.1)
    pid = await answer(service, "f")
    await eventually(lambda: service.environments("f") == 0)
    await eventually(lambda: not os.path.exists(f"/proc/{pid}"))
    assert await answer(service, "f") != pid


async def test_reload(sandbox: Sandbox, start: Start) -> None:
    layer = sandbox.layer("layer", {"part.py": "WORD = 'old'\n"})
    source = "import part, time\ndef handler(event, context):\n    time.sleep(event)\n    return ['code', part.WORD]\n"
    function = sandbox.add("f", source, layers=(layer,))
    service = await start()
    assert await answer(service, "f", 0) == ["code", "old"]
    running = asyncio.create_task(answer(service, "f", 0.3))
    await asyncio.sleep(0)
    (function.code / "app.py").write_text(source.replace("code", "new code"))
    await service.reload(["f"])
    assert await answer(service, "f", 0) == ["new code", "old"]
    assert await running == ["code", "old"]
    (layer / "python/part.py").write_text("WORD = 'new word'\n")
    await service.reload(layers=True)
    assert await answer(service, "f", 0) == ["new code", "new word"]


async def test_stop_leaves_no_process(sandbox: Sandbox, start: Start) -> None:
    source = "import os\ndef handler(event, context):\n    return [os.getpid(), os.getppid()]\n"
    sandbox.add("f", source)
    service = await start()
    pids = await answer(service, "f")
    await service.stop()
    await eventually(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids))


async def test_stop_while_invocations_run_and_wait(sandbox: Sandbox, start: Start) -> None:
    sandbox.add("f", "import time\ndef handler(event, context):\n    time.sleep(60)\n", timeout_s=60)
    service = await start(eager_environments=1, max_environments=1)
    calls = [asyncio.create_task(service.invoke("f", b"{}")) for _ in range(3)]
    log = sandbox.logs / "f.log"
    await eventually(lambda: "START" in log.read_text() or service._pools["f"].in_flight == 3)
    await service.stop()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(outcome, WarmParentLost) or b"Runtime.ExitError" in outcome.payload for outcome in outcomes)


async def test_reserved_concurrency_counts_what_still_runs(sandbox: Sandbox, start: Start) -> None:
    sandbox.add("f", "import time\ndef handler(event, context):\n    time.sleep(event)\n", reserved_concurrency=1)
    service = await start()
    await service.invoke("f", b"0")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(service.invoke("f", b"0.5"), 0.05)
    with pytest.raises(TooManyRequests):
        await service.invoke("f", b"0")


async def test_a_queued_invocation_runs_though_nobody_waits(sandbox: Sandbox, start: Start) -> None:
    marker = sandbox.folder / "done"
    sandbox.add("f", f"def handler(event, context):\n    open({str(marker)!r}, 'w').close()\n")
    service = await start()
    call = asyncio.create_task(service.invoke("f", b"{}"))
    await asyncio.sleep(0)
    call.cancel()
    await eventually(marker.exists)
