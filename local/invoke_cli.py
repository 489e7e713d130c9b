"""`python -m local invoke NAME`: run one function of a running stack with an event from a file."""

import argparse
import base64
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from local.running import find_running
from local.start_error import StartError

_LOGICAL_ID = "aws:cloudformation:logical-id"
_LONGEST_S = 920
"""Lambda's longest timeout is 900 seconds."""


@dataclass(frozen=True, slots=True)
class Target:
    """A function, by its three names."""

    name: str
    logical_id: str
    folder: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `run` reads to a parser that has `--template` and `--data` already."""
    parser.add_argument("name", metavar="NAME", help="logical id, folder or name of the function")
    parser.add_argument("--event", metavar="FILE", help="JSON to invoke with, - for stdin (default: events/NAME.json)")
    parser.add_argument("--async", dest="asynchronous", action="store_true", help="queue it and do not wait")
    parser.add_argument("--tail", action="store_true", help="print the last 4 KB of the invocation's log to stderr")


def run(arguments: argparse.Namespace, template: Path, data: Path) -> int:
    """Print the answer as JSON. 1 when the function failed. Raises StartError for what keeps it from being invoked."""
    found = find_running(data)
    if found is None or found.endpoints is None:
        state = "is still starting" if found else "is not running"
        raise StartError(f"The stack on {data} {state}: start it with scripts/run, then invoke again.")
    from botocore.exceptions import BotoCoreError, ClientError  # when it is needed: `--help` answers at once

    client = _client(found.endpoints.aws_url, found.endpoints.region)
    try:
        target = find_target(arguments.name, _targets(client))
        event = _event(arguments.event, arguments.name, target, template.parent / "events")
        return _invoke(client, target, event, asynchronous=arguments.asynchronous, tail=arguments.tail)
    except (BotoCoreError, ClientError) as error:
        raise StartError(f"{arguments.name} was not invoked: {error}") from error


def find_target(name: str, targets: list[Target]) -> Target:
    """The one function that has the name in any of its three forms. Raises StartError when there is none, or several."""
    found = [target for target in targets if name in (target.name, target.logical_id, target.folder)]
    if len(found) == 1:
        return found[0]
    if found:
        raise StartError(f"{name} is the folder of several functions; choose: {_listed(found)}.")
    raise StartError(f"No function is called {name}. There are: {_listed(targets)}.")


def _listed(targets: list[Target]) -> str:
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


def _event(given: str | None, name: str, target: Target, events: Path) -> bytes:
    """The event to invoke with. Raises StartError when there is none or it is no JSON."""
    if given == "-":
        source, data = "stdin", sys.stdin.buffer.read()
    else:
        names = dict.fromkeys((name, target.folder, target.logical_id))
        files = [Path(given)] if given else [events / f"{one}.json" for one in names]
        file = next((file for file in files if file.is_file()), None)
        if file is None:
            raise StartError(f"There is no event file {files[0]}: write one, or name another with --event.")
        source, data = str(file), file.read_bytes()
    try:
        json.loads(data)
    except ValueError as error:
        raise StartError(f"The event in {source} is not JSON: {error}.") from error
    return data


def _invoke(client: Any, target: Target, event: bytes, *, asynchronous: bool, tail: bool) -> int:
    kind, log = "Event" if asynchronous else "RequestResponse", "Tail" if tail else "None"
    answer = client.invoke(FunctionName=target.name, InvocationType=kind, LogType=log, Payload=event)
    if "LogResult" in answer:
        sys.stderr.write(base64.b64decode(answer["LogResult"]).decode(errors="replace"))
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
    except ValueError:
        return payload.decode(errors="replace")
