"""`python -m local logs`: the last lines of the logs, and what comes after them."""

import argparse
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from local.data_folder import DataFolder
from local.logs.names import log_files, resolved, targets
from local.logs.reading import LogReader, Read
from local.logs.screen import Screen, colours, printable
from local.logs.selection import Selection, count, level, pattern, since, trace
from local.start_error import StartError

_POLL_S = 0.2
_LINES = 20

HELP = "what the stack, its engines and functions print"
DESCRIPTION = """\
Prints the last lines of the logs of functions, engines and the stack, in the order of time: when, level, whose log, message,
and the other keys of a JSON line. Lambda's START, END and REPORT become one line with duration and memory. Control characters
are spelt out, lines over 2,000 characters cut. Colours on a terminal only, and none where NO_COLOR is set."""
EXAMPLES = """\
examples:
  scripts/logs -f                                all there is, as it comes
  scripts/logs Router --since 10m --level ERROR  what went wrong with one function
  scripts/logs --request-id ID                   one invocation, whole
  scripts/logs --trace ID                        all that came of one request, in every function
  scripts/logs Router --json | jq -R 'fromjson? | .message'"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `run` reads to a parser that has `--template` and `--data` already."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description, parser.epilog = DESCRIPTION, EXAMPLES
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="function (logical id, folder or name), engine or stack; default: all"
    )
    parser.add_argument("-f", "--follow", action="store_true", help="go on with what is printed from now on")
    parser.add_argument(
        "-n",
        "--lines",
        type=count,
        help=f"last lines of each to begin with (default: {_LINES}; with --since, --request-id or --trace all)",
    )
    parser.add_argument(
        "--since", type=since, metavar="WHEN", help="from then on: 90s, 5m, 2h ago, or a time (ISO 8601)"
    )
    parser.add_argument("--level", type=level, help="that level and above; no level counts as INFO")
    parser.add_argument("--request-id", default="", metavar="ID", help="of one invocation")
    parser.add_argument("--trace", type=trace, metavar="ID", help="of one trace, over all functions")
    parser.add_argument("--grep", type=pattern, metavar="REGEX", help="lines in which that is found")
    parser.add_argument("--json", action="store_true", help="the lines as they were printed, and nothing else")


def run(arguments: argparse.Namespace, template: Path, data: Path) -> int:
    """Print, and follow until interrupted. Raises StartError for a name without a log."""
    names = _resolved(arguments.names, template, data)
    selection = Selection(arguments.level or "", arguments.request_id, arguments.grep, arguments.since, arguments.trace or "")
    lines = arguments.lines
    if lines is None and arguments.since is None and not (arguments.request_id or arguments.trace):
        lines = _LINES
    printer = _Printer(template, arguments.json)
    readers: dict[str, LogReader] = {}
    files = _files(data, names)
    if not files and not arguments.follow:
        raise StartError(f"There are no logs in {data} yet: scripts/run starts the stack.")
    _show_begin(files, readers, selection, lines, printer)
    if not arguments.follow:
        return 0
    coming = replace(selection, since_ms=None)
    while True:
        time.sleep(_POLL_S)
        for name, file in _files(data, names).items():
            reader = readers.setdefault(name, LogReader(file))
            for read in reader.new():
                if coming.takes(read):
                    printer.show(name, read)
        sys.stdout.flush()


def _resolved(given: Sequence[str], template: Path, data: Path) -> list[str]:
    from local.template.samconfig import local_stack_name  # when it is needed: `--help` answers at once

    files = log_files(data)
    usual = {file.removeprefix(f"{local_stack_name(template)}-"): file for file in files} if given else {}
    names = [name if name in files else usual.get(name, name) for name in given]
    if any(name not in files for name in names):  # the template says more, and takes a while to load
        functions = targets(template)
        names = list(dict.fromkeys(resolved(name, files, functions) for name in names))
    for name, file in _files(data, names).items() if names else ():
        if not file.exists() or not file.stat().st_size:
            print(f"{name} has not run yet: its log is empty.", file=sys.stderr)
    return names


def _files(data: Path, names: Sequence[str]) -> dict[str, Path]:
    """Those of the names, else all there are by now."""
    files = log_files(data)
    folder = DataFolder(data).function_logs
    return {name: files.get(name, folder / f"{name}.log") for name in names} if names else dict(sorted(files.items()))


def _show_begin(
    files: Mapping[str, Path],
    readers: dict[str, LogReader],
    selection: Selection,
    lines: int | None,
    printer: "_Printer",
) -> None:
    """Merged by time. What has none comes before what is beside it in its log."""
    printer.widen(files)
    found: list[tuple[int, str, Read]] = []
    for name, file in files.items():
        reader = readers[name] = LogReader(file)
        reader.begin(selection.since_ms, lines if selection.everything else None)
        taken = (read for read in reader.new() if selection.takes(read) and printer.shows(read))
        found += [(read.line.time_ms or 0, name, read) for read in deque(taken, maxlen=lines)]
    for _, name, read in sorted(found, key=lambda one: one[0]):
        printer.show(name, read)
    sys.stdout.flush()


class _Printer:
    def __init__(self, template: Path, raw: bool) -> None:
        from local.template.samconfig import local_stack_name  # when it is needed: `--help` answers at once

        self._prefix = f"{local_stack_name(template)}-"
        self._raw = raw
        self._terminal = sys.stdout.isatty()
        self._screen = Screen(0, colours(sys.stdout))
        self._last = ("", "")

    def widen(self, names: Mapping[str, Path]) -> None:
        self._screen = Screen(max((len(self._short(name)) for name in names), default=0), colours(sys.stdout))

    def shows(self, read: Read) -> bool:
        return self._raw or read.line.platform not in ("START", "END")

    def show(self, name: str, read: Read) -> None:
        if self._raw:
            print(printable(read.raw) if self._terminal else read.raw)
            return
        invocation = name, read.line.request_id
        text = self._screen.text(self._short(name), read.line, joined=invocation == self._last)
        if text is not None:
            print(text)
            self._last = invocation

    def _short(self, name: str) -> str:
        """Generated names begin with that of the stack; without it they are logical ids, which `scripts/logs` knows too."""
        return name.removeprefix(self._prefix)
