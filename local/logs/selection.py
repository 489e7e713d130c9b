"""Which lines a person asked for."""

import argparse
import re
import time
from dataclasses import dataclass
from datetime import datetime

from local.logs.line import LEVELS
from local.logs.reading import Read

_AGO = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Selection:
    """All that is set must hold."""

    level: str = ""
    """This one and those above; a line without a level counts as INFO."""
    request_id: str = ""
    pattern: "re.Pattern[str] | None" = None
    since_ms: int | None = None
    trace_id: str = ""
    """Found anywhere in a line: batches name those of several records."""

    @property
    def everything(self) -> bool:
        return not (self.level or self.request_id or self.pattern or self.trace_id)

    def takes(self, read: Read) -> bool:
        line = read.line
        if self.since_ms is not None and (line.time_ms is None or line.time_ms < self.since_ms):
            return False
        if self.level and LEVELS.index(line.level or "INFO") < LEVELS.index(self.level):
            return False
        if self.trace_id and self.trace_id not in read.raw:
            return False
        if self.request_id and line.request_id != self.request_id and self.request_id not in read.raw:
            return False
        return self.pattern is None or self.pattern.search(read.raw) is not None


def since(text: str) -> int:
    """Milliseconds since the epoch of `90s`, `5m`, `2h`, `1d` ago, or of a time such as 2026-11-21T08:00.

    Raises argparse.ArgumentTypeError. A time without a zone is that of this machine.
    """
    if found := _AGO.fullmatch(text.strip()):
        return int((time.time() - float(found[1]) * _SECONDS[found[2]]) * 1000)
    try:
        return int(datetime.fromisoformat(text.strip()).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time: 90s, 5m, 2h, 1d, or 2026-11-21T08:00") from None


def level(text: str) -> str:
    upper = text.upper()
    if upper not in LEVELS:
        raise argparse.ArgumentTypeError(f"{text!r} is no level: {', '.join(LEVELS)}")
    return upper


def pattern(text: str) -> "re.Pattern[str]":
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from None


def trace(text: str) -> str:
    """A trace's id, alone or in a `traceparent`; raises argparse.ArgumentTypeError."""
    found = re.fullmatch(r"(?:[0-9a-f]{2}-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?", text.strip().lower())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no trace: 32 hexadecimal digits, or a traceparent")
    return found[1]


def count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of lines")
    return int(text)
