"""How the command tells how it stands: a line that is rewritten, lines now and then, or JSON."""

import json
import sys
import time
from typing import Protocol, TextIO

from chat4all_client.api import Json
from chat4all_client.progress import Progress

_LINE_EVERY_S = 10.0
_JSON_EVERY_S = 1.0
_UNITS = ("B", "kB", "MB", "GB", "TB")


class Lines(Protocol):
    """What a command says."""

    def progress(self, now: Progress) -> None:
        """How it stands."""

    def completed(self, result: Json) -> None:
        """It is done."""

    def cancelled(self, there_was: bool) -> None:
        """It was given up."""

    def end_line(self) -> None:
        """What comes next begins in a line of its own."""


def lines_for(as_json: bool, quiet: bool) -> Lines:
    """What fits standard output and error."""
    return JsonLines(sys.stdout, quiet) if as_json else PlainLines(sys.stdout, sys.stderr, quiet)


class PlainLines:
    """For people, on a terminal or in a log."""

    def __init__(self, out: TextIO, told: TextIO, quiet: bool) -> None:
        self._out, self._told, self._quiet = out, told, quiet
        self._rewrites = told.isatty()
        self._width = 0
        self._last = ("", float("-inf"))

    def progress(self, now: Progress) -> None:
        phase, at = self._last
        due = now.phase != phase or self._rewrites or time.monotonic() - at >= _LINE_EVERY_S
        if self._quiet or not due:
            return
        self._last = (now.phase, time.monotonic())
        line = progress_line(now)
        if self._rewrites:
            self._told.write("\r" + line.ljust(self._width))
            self._width = len(line)
        else:
            self._told.write(line + "\n")
        self._told.flush()

    def completed(self, result: Json) -> None:
        self.end_line()
        print(result.get("path") or result["file_id"], file=self._out)

    def cancelled(self, there_was: bool) -> None:
        print(
            "Given up; the server keeps nothing." if there_was else "No upload of this file was left.", file=self._out
        )

    def end_line(self) -> None:
        if self._width:
            self._told.write("\n")
            self._width = 0


class JsonLines:
    """For programs: {"event": "progress" | "completed" | "cancelled", ...}."""

    def __init__(self, out: TextIO, quiet: bool) -> None:
        self._out, self._quiet = out, quiet
        self._last = ("", float("-inf"))

    def progress(self, now: Progress) -> None:
        phase, at = self._last
        if self._quiet or (now.phase == phase and time.monotonic() - at < _JSON_EVERY_S):
            return
        self._last = (now.phase, time.monotonic())
        self._write("progress", {name: getattr(now, name) for name in Progress.__dataclass_fields__})

    def completed(self, result: Json) -> None:
        self._write("completed", result)

    def cancelled(self, there_was: bool) -> None:
        self._write("cancelled", {"found": there_was})

    def end_line(self) -> None:
        """Each is one."""

    def _write(self, event: str, said: Json) -> None:
        print(json.dumps({"event": event, **said}), file=self._out, flush=True)


def progress_line(now: Progress) -> str:
    """`45 %  1.2 GB of 2.1 GB  34.0 MB/s  0:32 left`."""
    percent = 100 * now.done // now.total if now.total else 100
    told = [f"{percent:3d} %", f"{amount(now.done)} of {amount(now.total)}"]
    if now.phase == "transferring":
        told += [f"{amount(now.rate)}/s", f"{duration(now.seconds_left)} left"]
    else:
        told.append(now.phase)
    return "  ".join(told)


def amount(count: float) -> str:
    """Bytes, in powers of 1,000."""
    for unit in _UNITS[:-1]:
        if count < 999.5:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} {_UNITS[-1]}"


def duration(seconds: float | None) -> str:
    """`0:32`, `1:02:03`; `?` where nobody knows."""
    if seconds is None:
        return "?"
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
