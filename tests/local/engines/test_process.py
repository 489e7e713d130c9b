"""Starting, waiting for and ending a process, with Python standing in for an engine."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from local.engines.process import Command, EngineProcess, http_answers
from local.ports import free_ports
from local.start_error import StartError

SERVE = "import http.server as h, sys; h.HTTPServer(('127.0.0.1', int(sys.argv[1])), h.SimpleHTTPRequestHandler).serve_forever()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SERVE}"


def command(tmp_path: Path, code: str, *arguments: str, within_s: float = 20) -> Command:
    return Command(
        "engine",
        [sys.executable, "-c", code, *arguments],
        tmp_path / "logs" / "engine.log",
        folder=tmp_path / "data",
        ready_within_s=within_s,
        stopped_within_s=0.2,
    )


async def never() -> bool:
    return False


@pytest.mark.parametrize("code", [SERVE, STUBBORN], ids=["obedient", "stubborn"])
async def test_it_is_ready_when_it_answers_and_gone_when_it_is_stopped(code: str, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    engine = EngineProcess(command(tmp_path, code, str(port)))
    assert engine.pid is None
    await engine.start(lambda: http_answers("127.0.0.1", port))
    pid = engine.pid
    assert pid is not None
    assert os.getsid(pid) == pid, "Ctrl-C must not reach it"
    await engine.stop()
    assert engine.pid is None
    assert not psutil.pid_exists(pid)
    await engine.stop()


async def test_a_failed_start_quotes_what_it_said(tmp_path: Path) -> None:
    engine = EngineProcess(command(tmp_path, "print('an old line'); raise SystemExit('disk full')"))
    with pytest.raises(
        StartError, match=r"engine ended with exit code 1 while starting(.|\n)*engine\.log(.|\n)*disk full"
    ):
        await engine.start(never)
    engine = EngineProcess(command(tmp_path, "raise SystemExit('again')"))
    with pytest.raises(StartError) as failure:
        await engine.start(never)
    assert "an old line" not in str(failure.value), "of this start only"


async def test_one_that_is_never_ready_is_ended(tmp_path: Path) -> None:
    engine = EngineProcess(command(tmp_path, "import time; time.sleep(60)", within_s=0.1))
    with pytest.raises(StartError, match="engine is not ready after 0 s"):
        await engine.start(never)
    assert engine.pid is None


async def test_a_cancelled_start_leaves_no_process(tmp_path: Path) -> None:
    engine = EngineProcess(command(tmp_path, "import time; time.sleep(60)"))
    starting = asyncio.create_task(engine.start(never))
    async with asyncio.timeout(10):
        while engine.pid is None:
            await asyncio.sleep(0.01)
    pid = engine.pid
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not psutil.pid_exists(pid)


def test_it_dies_with_the_stack_even_when_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path\n"
        "from local.engines.process import Command, EngineProcess\n"
        "async def main():\n"
        "    folder = Path(sys.argv[1])\n"
        "    engine = EngineProcess(Command('e', [sys.executable, '-c', 'import time; time.sleep(60)'], folder / 'l', folder))\n"
        "    async def started(): return engine.pid is not None\n"
        "    await engine.start(started)\n"
        "    print(engine.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    stack = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert stack.stdout is not None
        pid = int(stack.stdout.readline())
        assert psutil.pid_exists(pid)
    finally:
        stack.send_signal(signal.SIGKILL)
        stack.communicate()
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "it outlived the stack"
        time.sleep(0.01)
