"""What functions log: text and JSON, long lines, much of it."""

import json
import re
import time

import pytest

from tests.conformance.functions.conftest import Functions, Start


@pytest.mark.statement("lambda.log-lines")
def test_lines(functions: Functions) -> None:
    answer = functions.do("say", text="out")
    lines = answer.log.splitlines()
    assert lines[0] == f"START RequestId: {answer.request_id} Version: $LATEST"
    assert {"out", "to stderr", "straight to the descriptor"} <= set(lines)
    assert any(re.fullmatch(rf"\[WARNING\]\t[-:T0-9.]+Z\t{answer.request_id}\tlogged", line) for line in lines)
    assert lines[-2] == f"END RequestId: {answer.request_id}"
    number = r"\d+(\.\d\d)?"
    assert re.fullmatch(
        rf"REPORT RequestId: {answer.request_id}\tDuration: {number} ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\t"
        rf"Max Memory Used: \d+ MB(\tInit Duration: {number} ms)?\t",
        lines[-1],
    )
    assert answer.log in functions.log("actions")
    assert "imported\nSTART" in functions.log("actions")


@pytest.mark.statement("lambda.log-lines")
def test_init_duration_is_told_once(functions: Functions) -> None:
    functions.do("kill")
    assert "\tInit Duration: " in functions.do("look").log
    assert "\tInit Duration: " not in functions.do("look").log


@pytest.mark.statement("lambda.log-line-size")
def test_long_lines_become_several(functions: Functions) -> None:
    functions.result("print_much", "talkative", lines=1, width=600_000)
    sizes = [len(line) for line in functions.log("talkative").splitlines() if line.startswith("xxx")]
    assert sizes[-3:] == [262_118, 262_118, 600_000 - 2 * 262_118]


@pytest.mark.statement("lambda.bad-functions")
def test_megabytes_are_printed_fast_and_fill_no_disk(start: Start) -> None:
    functions = start(log_bytes="2000000")
    began = time.monotonic()
    functions.result("print_much", "talkative", lines=300, width=100_000)
    assert time.monotonic() - began < 20  # 30 MB; some 0.3 s on an idle machine
    folder = functions.stack.data / "logs/functions"
    assert sum(file.stat().st_size for file in folder.glob("talkative.*")) < 6_000_000
    assert functions.do("look", "talkative").log in functions.log("talkative")


@pytest.mark.statement("lambda.log-json", "lambda.log-group")
def test_json(functions: Functions) -> None:
    answer = functions.do("log_json", "json")
    start, made, logged, done, report = map(json.loads, answer.log.splitlines())
    assert start["type"] == "platform.start"
    assert start["record"] == {"requestId": answer.request_id, "version": "$LATEST"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", start["time"])
    assert made == {"hand": "made"}
    assert logged.pop("timestamp")
    expected = {
        "level": "WARNING",
        "message": "seen twice",
        "logger": "mine",
        "requestId": answer.request_id,
        "order": 7,
    }
    assert logged == expected
    assert (done["type"], done["record"]["status"]) == ("platform.runtimeDone", "success")
    assert report["type"] == "platform.report"
    assert (report["record"]["requestId"], report["record"]["status"]) == (answer.request_id, "success")
    metrics = {"durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB"}
    assert metrics <= report["record"]["metrics"].keys() <= metrics | {"initDurationMs"}
    assert functions.result("context_fields", "json")["log_group_name"] == "/own/group"


@pytest.mark.statement("lambda.log-json")
def test_errors_in_json(functions: Functions) -> None:
    answer = functions.do("fail", "json")
    _, error, done, report = map(json.loads, answer.log.splitlines())
    assert (error["level"], error["errorType"], error["errorMessage"]) == ("ERROR", "ValueError", "as asked")
    assert error["requestId"] == answer.request_id
    assert (done["record"]["status"], report["record"]["status"]) == ("error", "error")
    answer = functions.do("hang", "json")
    assert answer.payload["errorType"] == "Sandbox.Timedout"
    assert json.loads(answer.log.splitlines()[-1])["record"]["status"] == "timeout"
