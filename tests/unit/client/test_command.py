"""Files by the command: what it prints, where, and how it ends."""

import asyncio
import io
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat4all_client import Progress
from chat4all_client.progress import Meter
from chat4all_client.progress_lines import JsonLines, PlainLines, amount, duration, progress_line
from tests.unit.client.test_upload import sha256, until
from tests.unit.client.wire import FILE_ID, Wire, problem


async def command(server: Wire, *words: str, **variables: str) -> asyncio.subprocess.Process:
    python_path = os.pathsep.join(path for path in sys.path if path)
    config = os.environ["XDG_STATE_HOME"]
    named = {
        "CHAT4ALL_URL": server.url,
        "CHAT4ALL_TOKEN": "first",
        "PYTHONPATH": python_path,
        "XDG_CONFIG_HOME": config,
    }
    named |= variables
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chat4all_client", *words, env=os.environ | named,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    out, told = await process.communicate()
    return process.returncode, out.decode(), told.decode()


async def test_upload_and_download(server: Wire, film: Path, tmp_path: Path) -> None:
    code, out, told = await ended(await command(server, "upload", str(film)))
    assert (code, out) == (0, f"{FILE_ID}\n")
    assert "3.1 MB of 3.1 MB  completed" in told
    code, out, told = await ended(await command(server, "download", FILE_ID, "--to", str(tmp_path / "copy"), "--quiet"))
    assert (code, out, told) == (0, f"{tmp_path / 'copy'}\n", "")
    assert sha256(tmp_path / "copy") == sha256(film)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Processes get SIGINT although this one may have been started in the background of a shell, which has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
async def test_ctrl_c_says_how_to_go_on_and_the_same_command_does(server: Wire, film: Path) -> None:
    server.gate.clear()
    running = await command(server, "upload", str(film))
    await until(lambda: server.reading)
    running.send_signal(signal.SIGINT)
    code, out, told = await ended(running)
    assert (code, out) == (130, "")
    assert f"To go on: chat4all upload {film}" in told
    server.gate.set()
    running = await command(server, "upload", str(film), "--json")
    code, out, _ = await ended(running)
    events = [json.loads(line) for line in out.splitlines()]
    assert (code, events[-1]["event"], events[-1]["sha256"]) == (0, "completed", sha256(film))
    assert server.calls.count("POST initiate") == 1


async def test_refusals_have_a_code_of_their_own(server: Wire, film: Path) -> None:
    server.fail("initiate", problem(413, "too_large"))
    code, _, told = await ended(await command(server, "upload", str(film), "--json"))
    problem_told = json.loads(told.splitlines()[-1])
    assert (code, problem_told["status"], problem_told["code"]) == (1, 413, "too_large")
    nobody = {"CHAT4ALL_URL": "http://127.0.0.1:1"}
    code, out, told = await ended(await command(server, "upload", str(film), "--patience", "0.1", "--quiet", **nobody))
    assert (code, out) == (3, "")
    assert told.startswith("error: POST /v1/files/initiate: ConnectError")
    assert "To go on:" in told
    code, _, told = await ended(await command(server, "upload", str(film), CHAT4ALL_URL=""))
    assert (code, told.startswith("error: Where is the server?")) == (2, True)
    code, _, told = await ended(await command(server, "upload", "no such file"))
    assert (code, "No such file" in told) == (1, True)


def test_amounts_and_times_as_people_read_them() -> None:
    assert [amount(n) for n in (0, 999, 1000, 34_000_000, 2**31, 5e15)] == [
        "0 B", "999 B", "1.0 kB", "34.0 MB", "2.1 GB", "5000.0 TB",
    ]  # fmt: skip
    assert [duration(s) for s in (None, 0, 32.4, 3723)] == ["?", "0:00", "0:32", "1:02:03"]
    line = progress_line(Progress("transferring", 450, 1000, 10.0, 55.0))
    assert line == " 45 %  450 B of 1.0 kB  10 B/s  0:55 left"
    assert progress_line(Progress("verifying", 1000, 1000, 0, 0.0)) == "100 %  1.0 kB of 1.0 kB  verifying"


def test_the_rate_is_that_of_the_last_seconds() -> None:
    now = 0.0
    meter = Meter(1000, clock=lambda: now)
    meter.read("transferring", 0)
    for second in range(1, 31):
        now = float(second)
        shown = meter.read("transferring", 10 * second if second <= 15 else 150 + 40 * (second - 15))
    assert (shown.rate, shown.seconds_left) == (40.0, 250 / 40)
    now = 31.0
    assert meter.read("transferring", 0).rate == 0.0


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_one_line_that_is_rewritten_and_a_log_a_line_now_and_then() -> None:
    moments = [Progress("transferring", done, 100, 10.0, 1.0) for done in (1, 2, 3)]
    terminal, log, out = Terminal(), io.StringIO(), io.StringIO()
    for told in (terminal, log):
        lines = PlainLines(io.StringIO(), told, quiet=False)
        for moment in moments:
            lines.progress(moment)
        lines.completed({"file_id": "f"})
    assert (terminal.getvalue().count("\r"), terminal.getvalue().count("\n")) == (3, 1)
    assert log.getvalue().count("\n") == 1
    json_lines = JsonLines(out, quiet=False)
    for moment in moments:
        json_lines.progress(moment)
    assert [json.loads(line)["done"] for line in out.getvalue().splitlines()] == [1]
