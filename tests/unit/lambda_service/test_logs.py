import json
from pathlib import Path

import pytest

from local.application import FunctionLogging
from local.lambda_service.invocation_log import FunctionLog
from local.lambda_service.line_limit import LineLimit
from local.lambda_service.platform_lines import Outcome, end_lines, init_lines, start_lines
from local.log_index import pieces


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([b"sho\n", b"abc", b"de\n"], b"sho\nabcde\n"),
        ([b"abcdefgh"], b"abcde\nfgh"),
        ([b"abc", b"def", b"gh\n\n\nabcdefghijkl\n"], b"abc" + b"de\nfgh\n\n\nabcde\nfghij\nkl\n"),
        ([b"\nabcde", b"\n", b"abcde\nf"], b"\nabcde\nabcde\nf"),
    ],
)
def test_longer_lines_are_broken(given: list[bytes], expected: bytes) -> None:
    limit = LineLimit(5)
    got = b"".join(limit.feed(piece) for piece in given)
    assert got == expected
    assert all(len(line) <= 5 for line in got.split(b"\n"))


def test_a_log_begins_anew(tmp_path: Path) -> None:
    log = FunctionLog(tmp_path / "f.log", 100)
    for number in range(100):
        log.write("stream", f"{number:09}\n".encode())
    log.close()
    now, before = tmp_path / "f.log", tmp_path / "f.log.1"
    assert before.read_text().splitlines()[-1] == "000000089"
    assert now.read_text().splitlines()[0] == "000000090"
    assert [now.stat().st_size, before.stat().st_size] == [100, 100]
    assert [piece.begin for piece in pieces(tmp_path / "f.index")] == list(range(0, 100, 10))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.index", "f.index.1", "f.log", "f.log.1"]


def test_records_by_system_log_level() -> None:
    def kinds(level: str, status: str) -> list[str]:
        logging = FunctionLogging(json=True, system_level=level)
        outcome = Outcome(0.0015, 128, 30, 0.2, status, "E" if status else "")
        lines = start_lines("id", logging) + end_lines("id", outcome, logging)
        return [json.loads(line)["type"].removeprefix("platform.") for line in lines.splitlines()]

    assert kinds("INFO", "") == ["start", "report"]
    assert kinds("DEBUG", "") == ["start", "runtimeDone", "report"]
    assert kinds("WARN", "") == []
    assert kinds("WARN", "error") == ["runtimeDone", "report"]


def test_a_failed_init() -> None:
    outcome = Outcome(0.5, 128, 10, status="error", error_type="ValueError")
    assert init_lines(outcome, FunctionLogging()) == (
        b"INIT_REPORT Init Duration: 500.00 ms\tPhase: init\tStatus: error\tError Type: ValueError\n"
    )
    record = json.loads(init_lines(outcome, FunctionLogging(json=True)))
    assert record["type"] == "platform.initReport"
    assert record["record"]["errorType"] == "ValueError"
