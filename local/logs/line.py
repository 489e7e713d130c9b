"""What a line of a log says, whichever form it has."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_ALIASES = {
    "TRACE": "DEBUG", "NOTSET": "DEBUG", "D": "DEBUG", "I": "INFO", "W": "WARNING", "E": "ERROR", "F": "CRITICAL",
    "WARN": "WARNING", "ERR": "ERROR", "FATAL": "CRITICAL",
}  # fmt: skip
_LEVEL_KEYS = ("level", "levelname", "severity")
_MESSAGE_KEYS = ("message", "msg")
_TIME_KEYS = ("timestamp", "time", "ts")
_TRACE_KEYS = ("exception", "stackTrace", "stack_trace", "exc_info")
_REQUEST_KEYS = ("function_request_id", "requestId", "request_id", "aws_request_id", "AWSRequestId")
_CONTEXT_KEYS = ("function_name", "function_arn", "function_memory_size")

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PLATFORM = re.compile(rf"(START|END|REPORT) RequestId: ({_UUID})")
_LAMBDA_TEXT = re.compile(
    rf"\[([A-Z]+)\](?:\t([0-9T:.-]+Z)\t({_UUID})?\t| )(.*)", re.DOTALL
)  # awslambdaric's own format, and its log of an error that nobody caught
_STAMPED = re.compile(
    r"\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,6}))?(Z|[+-]\d\d:?\d\d)?\]?[ \t]+(?:([A-Z]+)\b[ \t]*)?(.*)",
    re.DOTALL,
)  # Python's logging, Kafka
_GLOG = re.compile(r"([DIWEF])(\d{4}) (\d\d:\d\d:\d\d)\.(\d{6}) +(?:\d+ )?(.*)", re.DOTALL)  # SeaweedFS


@dataclass(frozen=True, slots=True)
class Line:
    """`time_ms` is what the line itself says. `level` is one of LEVELS, or empty where it says none."""

    message: str
    time_ms: int | None = None
    level: str = ""
    request_id: str = ""
    platform: str = ""
    """START, END, REPORT or INIT_START, INIT_REPORT: written by Lambda itself."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """The other keys of a JSON line, without those that repeat which function it is."""
    trace: str = ""
    """Of an exception, as Python prints it."""
    continues: bool = False
    """It goes on the line before it of the same stream."""


def parse(text: str) -> Line:
    """Never fails: what has no known form is a message."""
    if text.startswith("{"):
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            return Line(text)
        return _platform_event(fields) or _fields(fields)
    if found := _PLATFORM.match(text):
        level = "ERROR" if "\tStatus: " in text else ""
        return Line(text, level=level, request_id=found[2], platform=found[1])
    if text.startswith(("INIT_START ", "INIT_REPORT ")):
        return Line(text, level="ERROR" if "\tStatus: " in text else "", platform=text.partition(" ")[0])
    if found := _LAMBDA_TEXT.match(text):
        level, stamp, request_id, message = found.groups()
        if _level(level):
            return Line(message, _time(stamp), _level(level), request_id or "")
    if found := _STAMPED.match(text):
        day, clock, fraction, zone, level, message = found.groups()
        time_ms = _time(f"{day}T{clock}.{fraction or '0'}{zone or ''}")
        if time_ms is not None:
            kept = message if not level or _level(level) else f"{level} {message}"
            return Line(kept, time_ms, _level(level))
    if found := _GLOG.match(text):
        level, day, clock, fraction, message = found.groups()
        year = datetime.now().astimezone().year  # which glog leaves out
        return Line(message, _time(f"{year}-{day[:2]}-{day[2:]}T{clock}.{fraction}"), _level(level))
    return Line(text)


def _fields(fields: Mapping[str, Any]) -> Line:
    rest = {name: value for name, value in fields.items() if name not in _CONTEXT_KEYS}
    level = _level(str(_take(rest, _LEVEL_KEYS, "")))
    time_ms = _time(_take(rest, _TIME_KEYS, None))
    message = _take(rest, _MESSAGE_KEYS, "")
    request_id = str(_take(rest, _REQUEST_KEYS, ""))
    trace = _trace(rest)
    if "errorType" in rest and trace:
        message = message or f"{rest.pop('errorType')}: {rest.pop('errorMessage', '')}"
    text = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
    return Line(text, time_ms, level, request_id, "", rest, trace)


def _platform_event(fields: Mapping[str, Any]) -> Line | None:
    """Lambda's own events where LogFormat is JSON ("Lambda Telemetry API Event schema reference")."""
    kind, record = fields.get("type"), fields.get("record")
    if not isinstance(kind, str) or not kind.startswith("platform.") or not isinstance(record, dict):
        return None
    names = {"start": "START", "report": "REPORT", "initStart": "INIT_START", "initReport": "INIT_REPORT"}
    metrics = record.get("metrics")
    metrics = metrics if isinstance(metrics, dict) else {}
    parts = [f"{names.get(kind.removeprefix('platform.'), 'END')} RequestId: {record.get('requestId', '')}"]
    for key, name, unit in (
        ("durationMs", "Duration", "ms"),
        ("memorySizeMB", "Memory Size", "MB"),
        ("maxMemoryUsedMB", "Max Memory Used", "MB"),
        ("initDurationMs", "Init Duration", "ms"),
    ):
        if isinstance(metrics.get(key), int | float):
            parts.append(f"{name}: {metrics[key]} {unit}")
    status = str(record.get("status", "success"))
    if status != "success":
        parts.append(f"Status: {status}")
    parts += [f"Error Type: {record['errorType']}"] if record.get("errorType") else []
    level = "ERROR" if status != "success" else ""
    return Line(
        "\t".join(parts), _time(fields.get("time")), level, str(record.get("requestId", "")), parts[0].split()[0]
    )


def _take(fields: dict[str, Any], names: tuple[str, ...], default: Any) -> Any:
    for name in names:
        if name in fields:
            return fields.pop(name)
    return default


def _trace(fields: dict[str, Any]) -> str:
    """Powertools writes text and, beside it, parts; awslambdaric a list of lines."""
    for name in _TRACE_KEYS:
        value = fields.get(name)
        if isinstance(value, str) and "\n" in value:
            fields.pop(name)
            fields.pop("stack_trace", None)
            return value.rstrip("\n")
        if isinstance(value, list) and value and all(isinstance(line, str) for line in value):
            fields.pop(name)
            return "Traceback (most recent call last):\n" + "\n".join(line.rstrip("\n") for line in value)
    return ""


def _level(name: str | None) -> str:
    upper = (name or "").upper()
    upper = _ALIASES.get(upper, upper)
    return upper if upper in LEVELS else ""


def _time(value: object) -> int | None:
    """Milliseconds since the epoch; a time without a zone is that of this machine."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value * 1000 if value < 1e11 else value) if 0 < value < 1e15 else None
    if not isinstance(value, str):
        return None
    try:
        # Powertools separates milliseconds by a comma: 2026-11-21 07:56:50,123+0000
        found = datetime.fromisoformat(value.strip().replace(",", "."))
    except ValueError:
        return None
    try:
        return int((found if found.tzinfo else found.astimezone()).astimezone(UTC).timestamp() * 1000)
    except (OverflowError, OSError, ValueError):
        return None
