"""`python -m local fault`: makes functions, routes and engines of the running stack fail on purpose."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from local.control import ask
from local.faults.rule import KINDS
from local.running import ready_endpoints

HELP = "make functions, routes and engines slow, failing, throttled, paused or dead"
_EXAMPLES = """examples:
  scripts/fault add function RouterFunction error --count 3
  scripts/fault add route "POST /v1/messages" throttle --share 0.3
  scripts/fault add engine dynamodb latency 0.2 --for 60
  scripts/fault add engine s3 via --url http://127.0.0.1:7000 --for 60
  scripts/fault add engine kafka pause 10
  scripts/fault add function RouterFunction kill --at package.module:Class.method:before --count 1
  scripts/fault add function RouterFunction pause 3 --within 0.2 --share 0.1
  scripts/fault list
  scripts/fault met
  scripts/fault clear

A function is killed or paused in its environment: at the step that --at names (around a call of this function or method),
or at a random moment after the begin of an invocation. Rules end with the stack. A paused engine answers nobody until its
time is over; a killed one is started again at once."""

_RULE = ("target", "name", "kind", "share", "count", "for_s", "at", "within_s", "url")


def add_arguments(parser: argparse.ArgumentParser, place: argparse.ArgumentParser) -> None:
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
    add = commands.add_parser("add", parents=[place], help="from now on")
    add.add_argument("target", choices=tuple(KINDS))
    add.add_argument("name", help="logical id, folder or name of a function; a route key; kafka, dynamodb or s3")
    add.add_argument("kind", choices=sorted({kind for kinds in KINDS.values() for kind in kinds}))
    add.add_argument("seconds", nargs="?", type=float, help="of a latency or a pause")
    add.add_argument("--share", type=float, metavar="0..1", help="of all that passes (default: 1)")
    add.add_argument("--count", type=int, help="how often at most (default: always)")
    add.add_argument("--for", dest="for_s", type=float, metavar="SECONDS", help="how long (default: until cleared)")
    add.add_argument(
        "--at", metavar="MODULE:NAME:before|after", help="the step at which a function is killed or paused"
    )
    add.add_argument(
        "--within", dest="within_s", type=float, metavar="SECONDS", help="else how long after the begin (default: 0.05)"
    )
    add.add_argument("--url", help="of a proxy that functions reach dynamodb or s3 via")
    commands.add_parser("met", parents=[place], help="the steps at which environments were killed or paused, and when")
    commands.add_parser("list", parents=[place], help="the rules, and how often each was met")
    clear = commands.add_parser("clear", parents=[place], help="remove rules; paused engines go on")
    clear.add_argument("ids", nargs="*", metavar="ID", help="default: all")


def run(arguments: argparse.Namespace, data: Path) -> int:
    """Run one command; the exit code. Raises StartError."""
    ready_endpoints(data)
    if arguments.what == "add":
        rule = {name: getattr(arguments, name) for name in _RULE}
        given = {name: value for name, value in {**rule, "seconds": arguments.seconds}.items() if value is not None}
        done = asyncio.run(ask(data, "fault.add", **given))
        print(f"{done['id']}: {done['text']}" if done["id"] else f"Done: {done['text']}")
    elif arguments.what == "clear":
        print(f"Cleared {asyncio.run(ask(data, 'fault.clear', ids=arguments.ids))}.")
    elif arguments.what == "met":
        for met in asyncio.run(ask(data, "fault.met")):
            when = datetime.fromtimestamp(met["time"], UTC).isoformat(timespec="milliseconds")
            print(f"{met['rule']}: pid {met['pid']} at {met['at']}, request {met['request_id']}, {when}")
    else:
        rules = asyncio.run(ask(data, "fault.list"))
        for rule in rules:
            print(f"{rule['id']}: {rule['text']} (met {rule['hits']} times)")
        if not rules:
            print("Nothing fails on purpose.")
    return 0
