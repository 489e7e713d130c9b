"""`python -m local snapshot`: named copies of all data."""

import argparse
import asyncio
import sys
import time
from pathlib import Path

from local.control import ask
from local.data_folder import DataFolder
from local.running import Running, find_running, only_stack
from local.snapshots import Snapshots
from local.start_error import StartError

HELP = "save all data under a name, and load them again"
_SAVE_S = 600.0
_READY_S = 120.0


def add_arguments(parser: argparse.ArgumentParser, place: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
    save = commands.add_parser("save", parents=[place], help="copy all data; a running stack stands still meanwhile")
    save.add_argument("name", help="letters, digits, dots, hyphens and underscores")
    save.add_argument("--replace", action="store_true", help="a snapshot of that name may be there")
    load = commands.add_parser("load", parents=[place], help="replace all data; a running stack starts again on them")
    load.add_argument("name")
    commands.add_parser("list", parents=[place], help="those that there are, the newest first")
    delete = commands.add_parser("delete", parents=[place], help="remove a snapshot")
    delete.add_argument("name")


def run(arguments: argparse.Namespace, data: Path) -> int:
    """Run one command; the exit code. Raises StartError."""
    snapshots = Snapshots(DataFolder(data))
    if arguments.what == "list":
        _print(snapshots)
    elif arguments.what == "delete":
        snapshots.delete(arguments.name)
        print(f"Deleted {arguments.name}.")
    elif arguments.what == "save":
        _save(arguments, data, snapshots)
    else:
        _load(arguments.name, data, snapshots)
    return 0


def _save(arguments: argparse.Namespace, data: Path, snapshots: Snapshots) -> None:
    started = time.monotonic()
    if _ready(data) is None:
        with only_stack(data):
            size = snapshots.save(arguments.name, replace=arguments.replace).size
    else:
        asked = ask(data, "snapshot.save", _SAVE_S, name=arguments.name, replace=arguments.replace)
        size = asyncio.run(asked)["size"]
    print(f"Saved {arguments.name}: {_megabytes(size)} in {time.monotonic() - started:.1f} s.")


def _load(name: str, data: Path, snapshots: Snapshots) -> None:
    started = time.monotonic()
    snapshots.existing(name)
    running = _ready(data)
    if running is None:
        with only_stack(data):
            snapshots.load(name)
        print(f"Loaded {name}: scripts/run starts on it.")
        return
    print(f"The stack stops, and starts again on {name}.", file=sys.stderr)
    asyncio.run(ask(data, "snapshot.load", name=name))
    deadline = started + _READY_S
    while (now := find_running(data)) is None or now.endpoints is None or now.ready_at == running.ready_at:
        if now is None or time.monotonic() > deadline:
            raise StartError(f"The stack has not come back with {name}: scripts/logs stack tells why.")
        time.sleep(0.05)
    print(f"Loaded {name}: the stack runs on it again after {time.monotonic() - started:.1f} s.")


def _ready(data: Path) -> Running | None:
    """The stack that runs; None when none does. Raises StartError for one that is starting."""
    running = find_running(data)
    if running is not None and running.endpoints is None:
        raise StartError(f"The stack on {data} is starting (pid {running.pid}): wait until it is ready.")
    return running


def _print(snapshots: Snapshots) -> None:
    found = snapshots.all()
    if not found:
        print("There is no snapshot yet: scripts/snapshot save NAME makes one.")
    for one in found:
        made = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(one.created_at))
        print(f"{made}  {_megabytes(one.size):>10}  {one.name}{'' if one.running else '  (of a stopped stack)'}")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
