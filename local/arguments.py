"""The command line of the stack."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local import fault_cli, invoke_cli, replay_cli, snapshot_cli
from local.companions import companion, companion_port
from local.endpoints import Endpoints
from local.engines.kafka_cluster import BROKERS
from local.logs import cli as logs_cli
from local.options import PORT_OPTIONS

DATA = ".local-stack"
"""Name of the folder beside the template where a stack keeps its data."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which stack is meant: the one of this template, on this data folder."""

    template: Path
    data: Path


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse; prints and exits for `--help` and for what cannot be understood (code 2)."""
    parser = argparse.ArgumentParser(
        prog="python -m local",
        description="Runs a SAM application on this machine as AWS does, without Docker.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    place = _place_options(Path("template.yaml"), None)
    # Where a command has commands of its own, the options may stand before or after these.
    again = _place_options(argparse.SUPPRESS, argparse.SUPPRESS)
    _add_run(
        commands.add_parser("run", parents=[place], allow_abbrev=False, help="start the stack and run it until Ctrl-C")
    )
    commands.add_parser("stop", parents=[place], help="end the stack")
    status = commands.add_parser(
        "status", parents=[place], help="what runs; exit code 0: ready, 1: an engine is down, 3: not running"
    )
    status.add_argument("--json", action="store_true", help="all that is known, as JSON")
    logs_cli.add_arguments(commands.add_parser("logs", parents=[place], help=logs_cli.HELP))
    invoke_cli.add_arguments(commands.add_parser("invoke", parents=[place], help=invoke_cli.HELP))
    replay_cli.add_arguments(commands.add_parser("replay", parents=[place], help=replay_cli.HELP))
    snapshot_cli.add_arguments(commands.add_parser("snapshot", parents=[place], help=snapshot_cli.HELP), again)
    fault_cli.add_arguments(commands.add_parser("fault", parents=[place], help=fault_cli.HELP), again)
    commands.add_parser("fetch", help="download and build every engine, and start nothing")
    return parser.parse_args(arguments)


def place(arguments: argparse.Namespace) -> Place:
    """Absolute paths of the template and the data folder."""
    template = arguments.template.resolve()
    data = arguments.data.resolve() if arguments.data else template.parent / DATA
    return Place(template, data)


def _place_options(template: Path | str, data: str | None) -> argparse.ArgumentParser:
    """A parent of parsers, with these defaults."""
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument("--template", type=Path, default=template, help="default: template.yaml")
    place.add_argument(
        "--data", type=Path, default=data, help=f"folder of the stack's data (default: {DATA} beside the template)"
    )
    return place


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument("--detach", action="store_true", help="run in the background; return once it is ready")
    run.add_argument("--fresh", action="store_true", help="forget all data of earlier runs first")
    run.add_argument("--no-simulators", action="store_true", help="without the console and its simulated phones")
    run.add_argument("--timings", action="store_true", help="print the seconds of each part of the start")
    run.add_argument("--verbose", action="store_true", help="name the resources that are left out")
    run.add_argument(
        "--parameter", action="append", default=[], type=_assignment, metavar="NAME=VALUE", help="of the template"
    )
    run.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="RESOURCE",
        help="leave a resource of the template out: its logical id, or a type such as AWS::ApiGateway::*",
    )
    run.add_argument(
        "--setting",
        action="append",
        default=[],
        type=_assignment,
        metavar="PART.NAME=VALUE",
        help="a quota or time of a part, AWS's own by default: lambda.init_timeout_s=2, websocket.idle_s=60, http.idle_s=5, "
        "account.requests_per_s=100, captures.number=1000 (a wrong name lists those that there are)",
    )
    run.add_argument(
        "--kafka-brokers",
        type=int,
        choices=BROKERS,
        default=1,
        help="3: as MSK has them, topics with 3 replicas of which 2 must have a record before it is acknowledged (default: 1)",
    )
    run.add_argument(
        "--kafka-security",
        choices=("none", "scram"),
        default="none",
        help="scram: clients sign in to Kafka by SCRAM-SHA-512 over TLS, as MSK offers it (default: none)",
    )
    _add_companions(run)
    _add_addresses(run)


def _add_companions(run: argparse.ArgumentParser) -> None:
    group = run.add_argument_group("other processes of the application")
    group.add_argument(
        "--companion",
        action="append",
        default=[],
        type=companion,
        metavar="NAME:PORT=COMMAND",
        help="run COMMAND when everything else answers, and again when it ends; it listens on PORT. {port} and addresses of the "
        "stack such as {http_url} are filled in, and it has the variables that all functions have with one value",
    )
    group.add_argument(
        "--companion-port",
        action="append",
        default=[],
        type=companion_port,
        metavar="NAME=PORT",
        help="another port for a companion (0 takes a free one)",
    )
    group.add_argument("--no-companions", action="store_true", help="without them")


def _add_addresses(run: argparse.ArgumentParser) -> None:
    ports = run.add_argument_group("ports (0 takes a free one)")
    for name, (option, purpose) in PORT_OPTIONS.items():
        default = getattr(Endpoints(), name)
        ports.add_argument(
            option, dest=name, type=_port, default=default, metavar="PORT", help=f"of {purpose} (default: {default})"
        )
    engines = run.add_argument_group("other engines than the stack's own")
    engines.add_argument("--dynamodb-endpoint", default="", type=_url, metavar="URL")
    engines.add_argument("--s3-endpoint", default="", type=_url, metavar="URL")
    engines.add_argument("--kafka-bootstrap", default="", type=_servers, metavar="HOST:PORT,…")
    engines.add_argument(
        "--dynamodb-engine",
        choices=("auto", "dynoxide", "ministack"),
        default="auto",
        help="auto: dynoxide where Rust can build it, else MiniStack, whose tables do not survive a kill",
    )


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to 65535")
    return int(text)


def _url(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"{text!r} is no URL: it starts with http:// or https://")
    return text.rstrip("/")


def _servers(text: str) -> str:
    for server in text.split(",") if text else []:
        host, _, port = server.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) <= 65535:
            raise argparse.ArgumentTypeError(f"{server!r} is not HOST:PORT (several are separated by commas)")
    return text


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value
