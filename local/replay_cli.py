"""`python -m local replay`: what functions were invoked with, shown and sent once more."""

import argparse
import base64
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from local.captures.capture import Capture, CaptureSummary, Source
from local.captures.file import CaptureFile
from local.captures.text import HEADING, difference, duration_of, line_of, outcome_of, pretty, shown
from local.data_folder import DataFolder
from local.invoke_cli import invoking
from local.logs.names import targets
from local.logs.screen import printable
from local.logs.selection import count, since
from local.report_line import report_of
from local.start_error import StartError

_LISTED = 30
_REPLAYED = 1000

HELP = "invoke a function once more with an event it had"
DESCRIPTION = """\
Every invocation is kept with its event, whoever invoked: HTTP and WebSocket API, Kafka, schedules, the Invoke API. This sends
events again, by the Invoke API of the running stack, oldest first, and prints what the answer is now, and what differs from the
one before. --list, --show and --save also read what a stopped stack has left. ID may be cut: its first characters do."""
EXAMPLES = """\
examples:
  scripts/replay --list --errors               what failed
  scripts/replay 1b58c85a                      that one again
  scripts/replay --last Router                 the last one of a function
  scripts/replay --errors Router --since 10m   all that failed of it in ten minutes
  scripts/replay --show 1b58c85a               its event, response and log
  scripts/replay --save 1b58c85a events/router.json
exit code: 1 when a function failed, or nothing fits"""


@dataclass(frozen=True, slots=True)
class Answer:
    """Of a replay."""

    payload: bytes
    error: str | None
    duration_ms: float | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `run` reads to a parser that has `--template` and `--data` already."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description, parser.epilog = DESCRIPTION, EXAMPLES
    parser.add_argument("id", nargs="?", metavar="ID", help="request id of the invocation to send again")
    which = parser.add_argument_group("which, instead of one ID")
    which.add_argument("--last", nargs="?", const="", metavar="FUNCTION", help="the newest")
    which.add_argument("--errors", nargs="?", const="", metavar="FUNCTION", help="those that did not end well")
    which.add_argument("--function", default="", metavar="FUNCTION", help="of that function")
    which.add_argument(
        "--source", choices=get_args(Source), metavar="SOURCE", help=f"of: {', '.join(get_args(Source))}"
    )
    which.add_argument(
        "--since", type=since, metavar="WHEN", help="from then on: 90s, 5m, 2h ago, or a time (ISO 8601)"
    )
    which.add_argument(
        "--grep", default="", metavar="TEXT", help="with that in the event, the response, the log or the error"
    )
    which.add_argument(
        "-n", "--number", type=count, help=f"the newest of them (default: {_LISTED} to list, {_REPLAYED:,} to send)"
    )
    instead = parser.add_argument_group("instead of sending").add_mutually_exclusive_group()
    instead.add_argument("--list", action="store_true", help="time, id, function, source, duration and outcome")
    instead.add_argument("--show", metavar="ID", help="the event, the response and the log")
    instead.add_argument("--save", nargs=2, metavar=("ID", "FILE"), help="write the event as a file for scripts/invoke")


def run(arguments: argparse.Namespace, template: Path, data: Path) -> int:
    """Raises StartError for what cannot be found or sent."""
    file = CaptureFile(DataFolder(data).captures)
    try:
        return _run(arguments, template, file, data)
    except sqlite3.Error as error:
        raise StartError(f"What was captured cannot be read ({file.path}: {error}).") from error


def _run(arguments: argparse.Namespace, template: Path, file: CaptureFile, data: Path) -> int:
    if arguments.show:
        print(printable(shown(_one(file, arguments.show))))
        return 0
    if arguments.save:
        _save(_one(file, arguments.save[0]), Path(arguments.save[1]))
        return 0
    if arguments.id and not arguments.list:
        return _replay([_one(file, arguments.id).summary], file, data)
    if not (arguments.list or _selects(arguments)):
        raise StartError("Say which: an ID, --last, --errors or --since; scripts/replay --list shows what there is.")
    number = arguments.number or (1 if arguments.last is not None else _LISTED if arguments.list else _REPLAYED)
    found = _select(arguments, template, file, number)
    if not found:
        rest = "scripts/replay --list shows what there is." if file.functions() else "no function was invoked yet."
        raise StartError(f"Nothing of that kind is kept: {rest}")
    if arguments.list:
        print(HEADING)
        print("\n".join(printable(line_of(summary)) for summary in reversed(found)))
        return 0
    return _replay(list(reversed(found)), file, data)


def _selects(arguments: argparse.Namespace) -> bool:
    named = arguments.last is not None or arguments.errors is not None
    return bool(named or arguments.function or arguments.source or arguments.since or arguments.grep)


def _select(arguments: argparse.Namespace, template: Path, file: CaptureFile, number: int) -> list[CaptureSummary]:
    """The newest first."""
    name = arguments.function or arguments.last or arguments.errors or ""
    return file.list(
        function=resolve(name, file.functions(), template) if name else None,
        source=arguments.source,
        errors=arguments.errors is not None,
        text=arguments.grep or None,
        since=arguments.since,
        limit=number,
    )


def resolve(name: str, known: Sequence[str], template: Path) -> str:
    """Name of the function that has that name, logical id or folder. Raises StartError."""
    found = [function for function in known if name == function or function.endswith(f"-{name}")]
    if not found:
        found = [one.name for one in targets(template) if name in (one.name, one.logical_id, one.folder)]
    if len(found) == 1:
        return found[0]
    there = ", ".join(found or known) or "none yet"
    raise StartError(
        f"{name} is {'several functions' if found else 'no function that was invoked'}. There are: {there}."
    )


def _one(file: CaptureFile, given: str) -> Capture:
    ids = file.request_ids(given)
    if len(ids) > 1:
        raise StartError(f"Several ids begin with {given}: {', '.join(ids)}.")
    capture = file.get(ids[0]) if ids else None
    if capture is None:
        raise StartError(f"No invocation {given} is kept: scripts/replay --list shows what there is.")
    return capture


def _save(capture: Capture, target: Path) -> None:
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(f"{pretty(capture.event)}\n")
    except FileExistsError:
        raise StartError(f"{target} is there already: name another file.") from None
    except OSError as error:
        raise StartError(f"{target} cannot be written: {error.strerror}.") from error
    print(f"{target} written. It holds all that the caller sent, tokens too: look through it before you share it.")


def _replay(summaries: Sequence[CaptureSummary], file: CaptureFile, data: Path) -> int:
    sent = failed = differing = 0
    with invoking(data, summaries[0].function) as client:
        # The tries of an asynchronous invocation have one id, and one event.
        for request_id in dict.fromkeys(summary.request_id for summary in summaries):
            capture = file.get(request_id)
            if capture is None:
                continue  # trimmed in between
            answer = _send(client, capture)
            sent += 1
            failed += answer.error is not None
            differing += _tell(capture, answer)
    if sent > 1:
        print(f"\n{sent} sent again: {failed} failed, {differing} answered otherwise than before.")
    return 1 if failed else 0


def _send(client: Any, capture: Capture) -> Answer:
    from botocore.exceptions import ClientError  # loaded with the client

    try:
        answer = client.invoke(FunctionName=capture.summary.function, LogType="Tail", Payload=capture.event)
    except ClientError as refused:
        # Throttled, say: those after it may still be taken.
        return Answer(json.dumps({"refused": str(refused)}).encode(), refused.response["Error"]["Code"], None)
    log = base64.b64decode(answer.get("LogResult", ""))
    payload, error = answer["Payload"].read(), answer.get("FunctionError")
    return Answer(payload, error and _error_type(payload, error), report_of(log).duration_ms)


def _error_type(payload: bytes, kind: str) -> str:
    try:
        return str(json.loads(payload)["errorType"])
    except (ValueError, KeyError, TypeError):
        return kind


def _tell(capture: Capture, answer: Answer) -> bool:
    """Print both; whether they differ."""
    summary = capture.summary
    now = "ok" if answer.error is None else f"error: {answer.error}"
    print(printable(line_of(summary)))
    print(f"  before: {printable(outcome_of(summary))}, {duration_of(summary.duration_ms)}")
    print(f"  now:    {printable(now)}, {duration_of(answer.duration_ms)}")
    changed = difference(capture.response, answer.payload) if capture.response else pretty(answer.payload)
    text = changed or f"the same answer: {pretty(answer.payload)}"
    print(printable("\n".join(f"  {line}" for line in text.splitlines())))
    return bool(changed)
