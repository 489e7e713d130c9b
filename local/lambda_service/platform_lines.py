"""What Lambda itself writes into a function's log about an invocation: START, END and REPORT, or JSON records.

Lambda developer guide, "Log formats" and "System log level event mapping"; the records are those of the Telemetry API's
`platform.start`, `platform.runtimeDone` and `platform.report`.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.application import FunctionLogging

_LEVELS = ("DEBUG", "INFO", "WARN")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one invocation. `init_s` only for the first of an environment; `status` is empty for success."""

    duration_s: float
    memory_mb: int
    max_memory_mb: int
    init_s: float | None = None
    status: str = ""
    error_type: str = ""


def start_lines(request_id: str, logging: FunctionLogging) -> bytes:
    if not logging.json:
        return f"START RequestId: {request_id} Version: $LATEST\n".encode()
    return _record(logging, "INFO", "platform.start", {"requestId": request_id, "version": "$LATEST"})


def end_lines(request_id: str, outcome: Outcome, logging: FunctionLogging) -> bytes:
    if not logging.json:
        return (f"END RequestId: {request_id}\n" + "\t".join(_report_fields(request_id, outcome)) + "\t\n").encode()
    status = outcome.status or "success"
    error = {"errorType": outcome.error_type} if outcome.error_type else {}
    failed = "WARN" if outcome.status else ""
    done = {
        "requestId": request_id,
        "status": status,
        **error,
        "metrics": {"durationMs": _ms(outcome.duration_s), "producedBytes": 0},
    }
    report = {"requestId": request_id, "metrics": _metrics(outcome), "status": status, **error}
    return _record(logging, failed or "DEBUG", "platform.runtimeDone", done) + _record(
        logging, failed or "INFO", "platform.report", report
    )


def init_lines(failed: Outcome, logging: FunctionLogging) -> bytes:
    """INIT_REPORT of an init phase that failed; `duration_s` is its own."""
    if logging.json:
        error = {"errorType": failed.error_type} if failed.error_type else {}
        metrics = {"durationMs": _ms(failed.duration_s)}
        record = {"initializationType": "on-demand", "phase": "init", "status": failed.status, **error}
        return _record(logging, "WARN", "platform.initReport", {**record, "metrics": metrics})
    kind = f"\tError Type: {failed.error_type}" if failed.error_type else ""
    duration = f"{_ms(failed.duration_s):.2f} ms"
    return f"INIT_REPORT Init Duration: {duration}\tPhase: init\tStatus: {failed.status}{kind}\n".encode()


def _report_fields(request_id: str, outcome: Outcome) -> list[str]:
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {_ms(outcome.duration_s):.2f} ms",
        f"Billed Duration: {_billed_ms(outcome)} ms",
        f"Memory Size: {outcome.memory_mb} MB",
        f"Max Memory Used: {outcome.max_memory_mb} MB",
    ]
    if outcome.init_s is not None:
        fields.append(f"Init Duration: {_ms(outcome.init_s):.2f} ms")
    if outcome.status:
        fields.append(f"Status: {outcome.status}")
    if outcome.error_type:
        fields.append(f"Error Type: {outcome.error_type}")
    return fields


def _metrics(outcome: Outcome) -> dict[str, float]:
    init = {} if outcome.init_s is None else {"initDurationMs": _ms(outcome.init_s)}
    return {
        "durationMs": _ms(outcome.duration_s),
        "billedDurationMs": _billed_ms(outcome),
        "memorySizeMB": outcome.memory_mb,
        "maxMemoryUsedMB": outcome.max_memory_mb,
        **init,
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _billed_ms(outcome: Outcome) -> int:
    return int(-(-outcome.duration_s * 1000 // 1))


def _record(logging: FunctionLogging, level: str, kind: str, record: dict[str, Any]) -> bytes:
    """Empty when the function's system log level leaves it out."""
    if _LEVELS.index(level) < _LEVELS.index(logging.system_level):
        return b""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"time": now, "type": kind, "record": record}, separators=(",", ":")).encode() + b"\n"
