"""Captures as a person reads them."""

import contextlib
import difflib
import json
import time
from typing import Any

from local.captures.capture import Capture, CaptureSummary

_ID = 8
HEADING = f"{'TIME':19} {'ID':{_ID}} {'FUNCTION':32} {'SOURCE':15} {'DURATION':>10}  OUTCOME"


def line_of(capture: CaptureSummary) -> str:
    """One line below HEADING."""
    seconds, milliseconds = divmod(capture.started_at, 1000)
    moment = time.strftime("%d %b %H:%M:%S", time.localtime(seconds)) + f".{milliseconds:03d}"
    name = capture.function if len(capture.function) <= 32 else f"…{capture.function[-31:]}"
    duration = duration_of(capture.duration_ms)
    return f"{moment:19} {capture.request_id[:_ID]} {name:32} {capture.source:15} {duration:>10}  {outcome_of(capture)}"


def duration_of(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "-"
    return f"{milliseconds:.1f} ms" if milliseconds < 10_000 else f"{milliseconds / 1000:.1f} s"


def outcome_of(capture: CaptureSummary) -> str:
    if capture.outcome == "ok":
        return "ok"
    if capture.error_type:
        return f"{capture.outcome}: {capture.error_type} {capture.error_message[:80]}".rstrip().replace("\n", " ")
    return capture.outcome


def shown(capture: Capture) -> str:
    """Everything that is kept of one."""
    summary = capture.summary
    begun = [] if summary.init_ms is None else [f"init {duration_of(summary.init_ms)}"]
    memory = [] if summary.max_memory_mb is None else [f"{summary.max_memory_mb} MB"]
    facts = ", ".join([summary.source, duration_of(summary.duration_ms), *begun, *memory])
    head = f"{summary.request_id}  {summary.function}\n{line_of(summary)[:19]}  {facts}\n{outcome_of(summary)}"
    log = capture.log.decode(errors="replace").rstrip()
    if log and not log.startswith("START RequestId:"):
        log = f"… (the end; scripts/logs --request-id {summary.request_id} has it all)\n{log}"
    parts = [("Event", pretty(capture.event)), ("Response", pretty(capture.response)), ("Log", log)]
    return "\n\n".join([head, *(f"{title}\n{text}" for title, text in parts if text)])


def pretty(document: bytes) -> str:
    """JSON with indents; what is no JSON as it is."""
    try:
        return json.dumps(json.loads(document), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return document.decode(errors="replace")


def difference(before: bytes, now: bytes) -> str:
    """What changed between two answers, line by line; empty where nothing did.

    The body of a gateway's answer is read as JSON where it is some; the request id of an error is its own each time.
    """
    old, new = (_comparable(document).splitlines() for document in (before, now))
    return "\n".join(difflib.unified_diff(old, new, "before", "now", lineterm=""))


def _comparable(document: bytes) -> str:
    try:
        answer: Any = json.loads(document)
    except (ValueError, RecursionError):
        return document.decode(errors="replace")
    if isinstance(answer, dict) and "errorType" in answer:
        answer.pop("requestId", None)
    if isinstance(answer, dict) and isinstance(answer.get("body"), str):
        with contextlib.suppress(ValueError, RecursionError):
            answer["body"] = json.loads(answer["body"])
    return json.dumps(answer, indent=2, ensure_ascii=False, sort_keys=True)
