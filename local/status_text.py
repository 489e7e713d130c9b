"""The status of a stack as text."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def status_text(status: Mapping[str, Any], now: float | None = None) -> str:
    """Tables of processes, functions and mappings. `now` is seconds since the epoch."""
    uptime = _duration((time.time() if now is None else now) - status["started_at"])
    stack = status["stack"]
    down = not_running(status)
    states = ", ".join(f"{engine['name']} {engine['state']}" for engine in down)
    names = " ".join(engine["name"] for engine in down)
    health = f"degraded ({states}: scripts/logs {names} tells more), up" if down else "ready"
    parts = [f"{health} for {uptime}, pid {stack['pid']}"]
    parts.append(_table(("", "pid", "MB", "address", ""), _processes(status)))
    parts.append(
        _table(
            ("function", "environments", "invocations", "errors"),
            [(f["name"], f["environments"], f["invocations"], f["errors"]) for f in status["functions"]],
        )
    )
    if status["mappings"]:
        parts.append(
            _table(
                ("mapping", "topic", "function", "state", "lag", "last result"),
                [
                    (
                        m["logical_id"],
                        m["topic"],
                        m["function"],
                        m["state"],
                        m["lag"] if m["partitions"] else "-",
                        m["state_reason"] or m["last_result"],
                    )
                    for m in status["mappings"]
                ],
            )
        )
    return "\n\n".join(parts)


def not_running(status: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The engines of the stack that ought to run and do not."""
    return [engine for engine in status["engines"] if engine["state"] not in ("running", "external")]


def _processes(status: Mapping[str, Any]) -> Iterable[Sequence[object]]:
    stack = status["stack"]
    yield "stack", stack["pid"], stack["rss_mb"], "", ""
    for engine in status["engines"]:
        pid = engine["state"] if engine["state"] in ("restarting", "ended") else engine["pid"] or "-"
        yield engine["name"], pid, engine["rss_mb"] or "-", engine["address"], engine["product"]
    for name, address in status["addresses"].items():
        yield name, "", "", address, ""


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [tuple(map(str, row)) for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
