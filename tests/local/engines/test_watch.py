"""Engines that end by themselves, with Python standing in for one."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil

from local.engines.engine import Folders
from local.engines.installation import Tell
from local.engines.process import Command, EngineProcess, http_answers
from local.engines.process_engine import ProcessEngine
from local.engines.watch import EngineWatch, RestartLimits
from local.ports import free_ports
from tests.local.engines.test_process import SERVE


class Server(ProcessEngine):
    name = "server"
    product = "http.server"
    code = SERVE

    async def start(self, tell: Tell) -> None:
        arguments = [sys.executable, "-c", self.code, str(self._port)]
        self._process = EngineProcess(Command(self.name, arguments, self._folders.logs / "e.log", self._folders.data))
        await self._process.start(partial(http_answers, self._host, self._port))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


def server(tmp_path: Path) -> Server:
    return Server(Folders(tmp_path / "data", tmp_path / "logs"), "127.0.0.1", free_ports(1)[0])


async def test_a_killed_engine_runs_again_until_it_is_stopped(tmp_path: Path) -> None:
    engine, said, restarts = server(tmp_path), list[str](), list[bool]()
    watch = EngineWatch(engine, said.append, first_pause_s=0.01, restarted=lambda: restarts.append(True))
    await engine.start(lambda _: None)
    await watch.start()
    assert watch.state == "running"
    first = engine.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: len(said) == 2)
    assert watch.state == "running"
    assert said[0] == f"server (pid {first}) ended by signal SIGKILL, log: {tmp_path}/logs/e.log; starting it again"
    assert said[1] == "runs again"
    assert restarts == [True]
    second = engine.pid
    assert second not in (None, first)
    await watch.stop()
    await engine.stop()
    assert not psutil.pid_exists(second or 0)
    assert len(said) == 2


async def test_it_is_given_up_after_five_restarts(tmp_path: Path) -> None:
    engine, said = server(tmp_path), list[str]()
    watch = EngineWatch(engine, said.append, first_pause_s=0.01)
    await engine.start(lambda _: None)
    await watch.start()
    engine.code = "raise SystemExit(3)"
    os.kill(engine.pid or 0, signal.SIGTERM)
    await until(lambda: watch.state != "running")
    assert watch.state == "restarting"
    await until(lambda: watch.state == "ended")
    assert len(said) == 6
    assert "did not start: server ended with exit code 3 while starting" in said[1]
    assert "started again 5 times in 5 minutes and is not any more" in said[-1]
    await watch.stop()
    await engine.stop()


async def test_what_ends_often_runs_again_where_that_is_asked_for(tmp_path: Path) -> None:
    """`--setting engines.within_s=…`: ends that long ago do not count."""
    engine, said = server(tmp_path), list[str]()
    watch = EngineWatch(engine, said.append, first_pause_s=0.01, limits=RestartLimits(1, within_s=0.0))
    await engine.start(lambda _: None)
    await watch.start()
    for number in range(1, 4):
        os.kill(engine.pid or 0, signal.SIGKILL)
        await until(lambda: len(said) == 2 * number)  # noqa: B023 - called at once
    assert watch.state == "running"
    await watch.stop()
    await engine.stop()


async def test_a_restart_under_way_is_broken_off_when_stopping(tmp_path: Path) -> None:
    engine, said = server(tmp_path), list[str]()
    watch = EngineWatch(engine, said.append, first_pause_s=0.01)
    await engine.start(lambda _: None)
    await watch.start()
    engine.code = "import time; time.sleep(60)"
    first = engine.pid or 0
    os.kill(first, signal.SIGKILL)
    await until(lambda: engine.pid not in (None, first))
    pid = engine.pid or 0
    assert watch.state == "restarting"
    await watch.stop()
    await engine.stop()
    assert not psutil.pid_exists(pid)
