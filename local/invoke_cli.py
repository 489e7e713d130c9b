"""`python -m local invoke NAME`: run one function of a running stack."""

import argparse
import base64
import difflib
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from local.endpoints import Endpoints
from local.generated_events import asked
from local.logs.screen import printable
from local.running import find_running, ready_endpoints
from local.start_error import StartError

_LOGICAL_ID = "aws:cloudformation:logical-id"
_LONGEST_S = 920
"""Lambda's longest timeout is 900 seconds."""

HELP = "run one function of the running stack"
DESCRIPTION = """\
Invokes one function of the running stack and prints its answer as JSON. The event is events/NAME.json unless another is named,
or made: --generate builds the one that the function's own event source would send (route, topic, schedule, authorizer)."""
EXAMPLES = """\
examples:
  scripts/invoke health                                            events/health.json
  echo '{}' | scripts/invoke health -                              stdin, as --event -
  scripts/invoke Adopt --generate --method POST --path /pets --body '{"name":"Rex"}'
  scripts/invoke Announce --generate --key rex --value '{"id":1}' --value '{"id":2}'
  scripts/invoke Connection --generate --route '$connect' --query token=abc --print-only
exit code: 1 when the function failed or could not be invoked, 2 for a command line that cannot be understood"""


@dataclass(frozen=True, slots=True)
class Target:
    """A function, by its three names."""

    name: str
    logical_id: str
    folder: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `run` reads to a parser that has `--template` and `--data` already."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description, parser.epilog = DESCRIPTION, EXAMPLES
    parser.add_argument("name", metavar="NAME", help="logical id, folder or name of the function")
    parser.add_argument("stdin", nargs="?", choices=["-"], metavar="-", help="the event comes from stdin")
    event = parser.add_mutually_exclusive_group()
    event.add_argument("--event", metavar="FILE", help="JSON to invoke with, - for stdin (default: events/NAME.json)")
    event.add_argument("--generate", action="store_true", help="an event of the function's own event source")
    parser.add_argument("--print-only", action="store_true", help="print the event and invoke nothing")
    parser.add_argument("--async", dest="asynchronous", action="store_true", help="queue it and do not wait")
    parser.add_argument("--tail", action="store_true", help="print the last 4 KB of the invocation's log to stderr")
    asked.add_arguments(parser)


def run(arguments: argparse.Namespace, template: Path, data: Path) -> int:
    """Print the answer as JSON. 1 when the function failed. Raises StartError for what keeps it from being invoked."""
    given = arguments.stdin or arguments.event
    if arguments.stdin and (arguments.event or arguments.generate):
        raise StartError("- takes the event from stdin: it does not go with --event or --generate.")
    if asked.asked(arguments) != asked.Asked() and not arguments.generate:
        raise StartError("What an event shall hold goes with --generate.")
    if arguments.print_only:
        print(_pretty(_event_for(arguments, given, template, data)))
        return 0
    with invoking(data, arguments.name) as client:
        target = find_target(arguments.name, _targets(client))
        if arguments.generate:
            event = _generated(arguments, target, template, data)
        else:
            event = read_event(given, (arguments.name, target.folder, target.logical_id), template.parent / "events")
        return _invoke(client, target, event, asynchronous=arguments.asynchronous, tail=arguments.tail)


@contextmanager
def invoking(data: Path, what: str) -> Iterator[Any]:
    """A boto3 client of the stack that runs on a data folder. Raises StartError where none does, and for its errors."""
    endpoints = ready_endpoints(data)
    from botocore.exceptions import BotoCoreError, ClientError  # when it is needed: `--help` answers at once

    try:
        yield _client(endpoints.aws_url, endpoints.region)
    except (BotoCoreError, ClientError) as error:
        raise StartError(f"{what} was not invoked: {error}") from error


def find_target(name: str, targets: Sequence[Target]) -> Target:
    """The one function that has the name in any of its three forms. Raises StartError when there is none, or several."""
    found = [target for target in targets if name in (target.name, target.logical_id, target.folder)]
    if len(found) == 1:
        return found[0]
    if found:
        raise StartError(f"{name} is the folder of several functions; choose: {_listed(found)}.")
    near = _near(name, targets)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    raise StartError(f"No function is called {name}. {meant}There are: {_listed(targets)}.")


def _near(name: str, targets: Sequence[Target]) -> list[str]:
    """Names of one kind are compared without their case: `helo` and `healt` are near."""
    known = {text.lower(): text for target in targets for text in (target.folder, target.logical_id)}
    return [known[text] for text in difflib.get_close_matches(name.lower(), known, n=2)]


def _listed(targets: Sequence[Target]) -> str:
    return ", ".join(sorted(f"{target.logical_id} ({target.folder})" for target in targets))


def _client(url: str, region: str) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        "lambda",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106
        config=Config(read_timeout=_LONGEST_S, retries={"total_max_attempts": 1}),
    )


def _targets(client: Any) -> list[Target]:
    pages = client.get_paginator("list_functions").paginate()
    names = [function["FunctionName"] for page in pages for function in page["Functions"]]
    return [target_of(client.get_function(FunctionName=name)) for name in names]


def target_of(description: dict[str, Any]) -> Target:
    """Read the answer of GetFunction: CloudFormation tags what it makes, and the code's location is its folder."""
    folder = unquote(description["Code"]["Location"]).rstrip("/").rpartition("/")[2]
    return Target(description["Configuration"]["FunctionName"], description["Tags"][_LOGICAL_ID], folder)


def _event_for(arguments: argparse.Namespace, given: str | None, template: Path, data: Path) -> bytes:
    """The event without a stack that runs: names are those of the template."""
    if given:
        return read_event(given, (), template.parent / "events")
    from local.logs.names import targets  # which imports this module

    target = find_target(arguments.name, targets(template))
    if arguments.generate:
        return _generated(arguments, target, template, data)
    return read_event(None, (arguments.name, target.folder, target.logical_id), template.parent / "events")


def _generated(arguments: argparse.Namespace, target: Target, template: Path, data: Path) -> bytes:
    from local.generated_events.generate import generate  # it takes a while, as the next one
    from local.template import load_application

    found = find_running(data)
    endpoints = (found.endpoints if found else None) or Endpoints()
    application = load_application(template, parameters={}, endpoints=endpoints)
    return generate(application, target.name, asked.asked(arguments), endpoints)


def read_event(given: str | None, names: Sequence[str], events: Path) -> bytes:
    """The event to invoke with: of a file or stdin (`-`), else that of a name. Raises StartError where there is none."""
    if given == "-":
        source, data = "stdin", sys.stdin.buffer.read()
    else:
        files = [Path(given)] if given else [events / f"{one}.json" for one in dict.fromkeys(names)]
        file = next((file for file in files if file.is_file()), None)
        if file is None:
            advice = "write one, name another with --event, or have one made with --generate"
            raise StartError(f"There is no event file {files[0]}: {advice}.")
        try:
            source, data = str(file), file.read_bytes()
        except OSError as error:
            raise StartError(f"The event file {file} cannot be read: {error.strerror}.") from error
    try:
        json.loads(data)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise StartError(f"The event in {source} is not JSON: {error.msg} at {where}.") from error
    except (ValueError, RecursionError) as error:
        raise StartError(f"The event in {source} is not JSON: {error}.") from error
    return data


def _invoke(client: Any, target: Target, event: bytes, *, asynchronous: bool, tail: bool) -> int:
    kind, log = "Event" if asynchronous else "RequestResponse", "Tail" if tail else "None"
    answer = client.invoke(FunctionName=target.name, InvocationType=kind, LogType=log, Payload=event)
    if "LogResult" in answer:
        sys.stderr.write(printable(base64.b64decode(answer["LogResult"]).decode(errors="replace")))
    if asynchronous:
        print(f"queued: {answer['ResponseMetadata']['RequestId']}")
        return 0
    print(_pretty(answer["Payload"].read()))
    if "FunctionError" in answer:
        print(f"{target.logical_id} failed ({answer['FunctionError']}).", file=sys.stderr)
        return 1
    return 0


def _pretty(payload: bytes) -> str:
    """JSON with indents; what is no JSON (a function may answer bytes) as it is."""
    try:
        return json.dumps(json.loads(payload), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return payload.decode(errors="replace")
