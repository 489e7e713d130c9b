"""Lines as a terminal shows them."""

import json
import os
import re
import time
from collections.abc import Mapping
from typing import Any, TextIO

from local.logs.line import Line

_RED, _YELLOW, _GREEN, _BLUE, _DIM, _BOLD_RED = "31", "33", "32", "34", "2", "1;31"
_LEVEL_COLOURS = {"DEBUG": _BLUE, "INFO": _GREEN, "WARNING": _YELLOW, "ERROR": _RED, "CRITICAL": _BOLD_RED}
_NAME_COLOURS = ("36", "35", "34", "33", "32", "96", "95", "94")
_LONGEST_MESSAGE = 2000
_LONGEST_VALUE = 200
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_REPORT = re.compile(r"(?:^|\t)(Duration|Init Duration|Memory Size|Max Memory Used|Status|Error Type): ([^\t\n]+)")
_INDENT = " " * 13


def colours(output: TextIO) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR says otherwise (no-color.org)."""
    return output.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def printable(text: str) -> str:
    """Control characters and those that turn the direction of text are spelt out: a log must not steer a terminal."""
    return _CONTROL.sub(_spelt, text)


class Screen:
    """Writes lines as text; `width` is that of the longest name."""

    def __init__(self, width: int, coloured: bool) -> None:
        self._width, self._coloured = width, coloured

    def text(self, name: str, line: Line, joined: bool = False) -> str | None:
        """None for a line that tells nothing: REPORT tells what START and END would.

        `joined` says that it comes below the line before it of its invocation.
        """
        if line.platform in ("START", "END"):
            return None
        if line.continues and joined:
            return f"{_INDENT}{self._message(line)}"
        clock = _clock(line.time_ms)
        title = self._paint(f"{printable(name):{self._width}}", _NAME_COLOURS[sum(name.encode()) % len(_NAME_COLOURS)])
        if line.platform:
            return f"{self._paint(clock, _DIM)} {'':8} {title} {self._paint(_condensed(line.message), _DIM)}"
        level = self._paint(f"{line.level:8}", _LEVEL_COLOURS.get(line.level, _DIM))
        text = f"{self._paint(clock, _DIM)} {level} {title} {self._message(line)}"
        if line.extra:
            text += f"  {self._paint(_pairs(line.extra), _DIM)}"
        if line.trace:
            trace = _indented("\n" + _shortened(line.trace))
            text += self._paint(trace, _RED)
        return text

    def _message(self, line: Line) -> str:
        text = _indented(_shortened(line.message.rstrip("\r\n").replace("\N{NO-BREAK SPACE}", " ")))
        return self._paint(text, _LEVEL_COLOURS[line.level]) if line.level in ("ERROR", "CRITICAL") else text

    def _paint(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._coloured and text else text


def _spelt(found: "re.Match[str]") -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _clock(time_ms: int | None) -> str:
    if time_ms is None:
        return " " * 12
    return time.strftime("%H:%M:%S", time.localtime(time_ms // 1000)) + f".{time_ms % 1000:03d}"


def _indented(text: str) -> str:
    return printable(text.replace("\r\n", "\n")).replace("\n", f"\n{_INDENT}")


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_MESSAGE:
        return text
    return f"{text[:_LONGEST_MESSAGE]} … ({len(text):,} characters; --json prints them all)"


def _pairs(extra: Mapping[str, Any]) -> str:
    return " ".join(f"{printable(str(name))}={_value(value)}" for name, value in extra.items())


def _value(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = printable(text.replace("\n", "\\n"))
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _condensed(report: str) -> str:
    """`REPORT …` as `12.3 ms, 14 of 128 MB, init 51 ms, KeyError`."""
    found = {name: value.strip() for name, value in _REPORT.findall(report)}
    parts = [found["Duration"]] if "Duration" in found else []
    if "Max Memory Used" in found:
        used, size = found["Max Memory Used"].removesuffix(" MB"), found.get("Memory Size", "")
        parts.append(f"{used} of {size}" if size else f"{used} MB")
    parts += [f"init {found['Init Duration']}"] if "Init Duration" in found else []
    outcome = found.get("Error Type") or found.get("Status")
    parts += [outcome] if outcome else []
    return printable(", ".join(parts) or report.rstrip())
