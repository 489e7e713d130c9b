"""Lines of logs, as they are read and as a terminal shows them."""

import json

import pytest

from local.logs.context import Context
from local.logs.line import Line, parse
from local.logs.screen import Screen, printable
from local.logs.selection import Selection, since

ID = "1b58c85a-75e6-4c52-939c-080251136b62"
OTHER = "54edbf39-77e4-4ac6-b32a-b3d90270bc8c"
REPORT = (
    f"REPORT RequestId: {ID}\tDuration: 3.45 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\t"
    "Max Memory Used: 14 MB\tInit Duration: 51.29 ms\t"
)
POWERTOOLS = {
    "level": "ERROR",
    "location": "handler:15",
    "message": "it broke",
    "timestamp": "2026-11-21 08:04:01,171+0000",
    "service": "greeter",
    "function_name": "app-Hello",
    "function_request_id": ID,
    "exception": 'Traceback (most recent call last):\n  File "app.py"\nZeroDivisionError: division by zero',
    "stack_trace": {"frames": []},
}


def test_powertools() -> None:
    line = parse(json.dumps(POWERTOOLS))
    assert (line.message, line.level, line.request_id, line.time_ms) == ("it broke", "ERROR", ID, 1795248241171)
    assert line.extra == {"location": "handler:15", "service": "greeter"}
    assert line.trace.endswith("ZeroDivisionError: division by zero")


def test_json_of_lambda_itself() -> None:
    line = parse(
        '{"timestamp": "2026-11-21T08:04:01Z", "level": "ERROR", "errorMessage": "gone", "errorType": "KeyError",'
        ' "requestId": "abc", "stackTrace": ["  File \\"app.py\\", line 3\\n"]}'
    )
    assert (line.message, line.request_id, line.level) == ("KeyError: gone", "abc", "ERROR")
    assert line.trace == 'Traceback (most recent call last):\n  File "app.py", line 3'
    line = parse(
        '{"time": "2026-11-21T08:04:01.171Z", "type": "platform.report", "record": {"requestId": "abc", "status": "timeout",'
        ' "metrics": {"durationMs": 3000.5, "memorySizeMB": 128, "maxMemoryUsedMB": 30}}}'
    )
    assert (line.platform, line.level, line.request_id) == ("REPORT", "ERROR", "abc")
    assert Screen(3, coloured=False).text("app", line) is not None


@pytest.mark.parametrize(
    ("text", "level", "message"),
    [
        (f"[WARNING]\t2026-11-21T08:04:01.171Z\t{ID}\tcareful", "WARNING", "careful"),
        ("[ERROR] KeyError: 'gone'", "ERROR", "KeyError: 'gone'"),
        ("[2026-11-21 08:04:01,171] WARN [Broker 1] slow (kafka.x)", "WARNING", "[Broker 1] slow (kafka.x)"),
        ("2026-11-21 08:04:01,171 INFO local.stack: up", "INFO", "local.stack: up"),
        ("2026-11-21T08:04:01Z GET /x", "", "GET /x"),
        ("W1121 08:04:01.171000 volume.go:10 full", "WARNING", "volume.go:10 full"),
        ("[1, 2]", "", "[1, 2]"),
        ('{"broken": ', "", '{"broken": '),
        ("[" * 100_000, "", "[" * 100_000),
        ('{"a":' * 100_000, "", '{"a":' * 100_000),
        ('{"level": 30, "message": {"a": 1}, "timestamp": 1e400, "time": []}', "", '{"a": 1}'),
        ('{"timestamp": NaN, "msg": null}', "", "null"),
        ('{"timestamp": true, "level": "warn", "msg": "m"}', "WARNING", "m"),
        ("9999-99-99 99:99:99 INFO odd", "", "9999-99-99 99:99:99 INFO odd"),
    ],
)
def test_forms(text: str, level: str, message: str) -> None:
    line = parse(text)
    assert (line.level, line.message) == (level, message)
    assert Screen(3, coloured=True).text("app", line)


def test_report_is_one_short_line() -> None:
    screen = Screen(3, coloured=False)
    text = screen.text("app", parse(REPORT))
    assert text is not None
    assert text.endswith("app 3.45 ms, 14 of 128 MB, init 51.29 ms")
    assert screen.text("app", parse(f"START RequestId: {ID} Version: $LATEST")) is None
    failed = screen.text("app", parse(f"{REPORT}Status: timeout\t"))
    assert failed is not None
    assert failed.endswith(", timeout")


def test_lines_take_over_invocation_and_level_of_their_stream() -> None:
    context = Context()
    context.read(f"START RequestId: {ID} Version: $LATEST", "one")
    context.read(f"START RequestId: {OTHER} Version: $LATEST", "two")
    (said, error, trace, frame, last, after) = (
        context.read(text, "one", 5)
        for text in ("said", "[ERROR] it", "Traceback (most recent call last):", "  File", "KeyError: 1", "on")
    )
    assert {line.request_id for line in (said, error, trace, frame, last, after)} == {ID}
    assert [line.level for line in (said, error, trace, frame, last, after)] == ["", *["ERROR"] * 4, ""]
    assert [line.continues for line in (error, trace, frame, last, after)] == [False, True, True, True, False]
    assert said.time_ms == 5
    context.read(REPORT, "one")
    assert context.read("between", "one").request_id == ""


def test_a_log_cannot_steer_the_terminal() -> None:
    text = Screen(3, coloured=False).text(
        "a\x1bb", Line("\x1b[2J\x9b1m\r\x07\u202etxt", extra={"k\x1b": "\x1b]0;t\x07"})
    )
    assert text is not None
    assert text.isprintable()
    assert "\\x1b[2J\\x9b1m\\x0d\\x07\\u202etxt" in text
    assert printable("tab\tand\nline") == "tab\tand\nline"


def test_long_lines_are_cut() -> None:
    text = Screen(3, coloured=False).text("app", Line("x" * 1_000_000, extra={"v": "y" * 1_000_000}))
    assert text is not None
    assert len(text) < 3000
    assert "1,000,000 characters" in text


def test_since() -> None:
    assert since("5m") - since("10m") == pytest.approx(300_000, abs=1000)
    assert since("2026-11-21T08:04:01+00:00") == 1795248241000
    with pytest.raises(Exception, match="'soon' is no time"):
        since("soon")


def test_levels_are_ordered() -> None:
    from local.logs.reading import Read

    assert Selection(level="WARNING").takes(Read("", Line("", level="ERROR")))
    assert not Selection(level="WARNING").takes(Read("", Line("")))
    assert not Selection(since_ms=5).takes(Read("", Line("", time_ms=4)))
    assert not Selection(since_ms=5).takes(Read("", Line("")))
    assert Selection(request_id="abc").takes(Read("has abc", Line("")))
