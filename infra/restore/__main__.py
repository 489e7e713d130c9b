"""Brings tables back beside those that are used, compares them, and deletes them again: a drill, or the first half of a cure.

By point-in-time recovery on AWS; --copy does it from a copy that it makes first, where there is no recovery (the local
stack). --put-back writes items into the used tables that they have lost, and changes none that is there.
"""

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.restore.comparison import Comparison, compare, key_of
from infra.restore.tables import RestoreError, Tables


def main(given: list[str] | None = None) -> int:
    """Exit code 0: everything that was asked for is brought back; 1: it is not, and why is said."""
    asked = _arguments(given)
    try:
        tables = Tables(boto3.client("dynamodb"))
        return _drill(tables, asked)
    except (RestoreError, BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/restore-drill", description=__doc__)
    parser.add_argument(
        "--prefix", default="chat4all-", help="of the tables: the stack's name and - (default: chat4all-)"
    )
    parser.add_argument("--tables", help="nouns, comma separated, such as users,messages (default: all)")
    parser.add_argument(
        "--at", type=_moment, help="the moment to go back to, RFC 3339 (default: the last one possible)"
    )
    parser.add_argument("--copy", action="store_true", help="from a copy made now, where there is no recovery")
    parser.add_argument("--put-back", action="store_true", help="write lost items into the used tables")
    parser.add_argument("--keep", action="store_true", help="do not delete the tables that were brought back")
    asked = parser.parse_args(given)
    if asked.put_back and not asked.tables:
        parser.error(
            "--put-back needs --tables: what people deleted, left or erased would come back with what was lost"
        )
    return asked


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no time zone, such as 2026-11-22T08:00:00Z")
    return moment


def _drill(tables: Tables, asked: argparse.Namespace) -> int:
    used = _chosen(tables, asked)
    began = datetime.now(UTC)
    restored = {name: f"restored-{began:%Y%m%d%H%M%S}-{name}" for name in used}
    try:
        _bring_back(tables, restored, asked)
        for name, target in restored.items():
            found = compare(tables.items(name), tables.items(target), tables.keys(name))
            print(_line(name, found, time.time() - began.timestamp()))
            if asked.put_back and found.missing:
                print(f"  {_put_back(tables, name, target, found)} items put back")
    finally:
        made = set(tables.names("restored-"))
        for target in () if asked.keep else made & set(restored.values()):
            tables.wait(target)
            tables.delete(target)
    if asked.keep:
        print(f"Kept: {', '.join(restored.values())}")
    return 0


def _chosen(tables: Tables, asked: argparse.Namespace) -> list[str]:
    there = tables.names(asked.prefix)
    wanted = [f"{asked.prefix}{noun}" for noun in asked.tables.split(",")] if asked.tables else there
    if unknown := sorted(set(wanted) - set(there)) or (not wanted and [f"{asked.prefix}*"]):
        raise RestoreError(f"there is no table {', '.join(unknown)}")
    return wanted


def _bring_back(tables: Tables, restored: dict[str, str], asked: argparse.Namespace) -> None:
    """Recoveries go on side by side: a table takes as long as its largest partition."""
    if asked.copy:
        with tempfile.TemporaryDirectory() as folder:
            for name, target in restored.items():
                tables.copy_to(name, Path(folder, name))
                tables.restore_from(name, target, Path(folder, name))
        return
    # One moment for all, so that they fit one another.
    at = asked.at or min(tables.restorable_until(name) for name in restored)
    print(f"Tables as they were at {at.isoformat()}")
    for name, target in restored.items():
        tables.restorable_until(name)
        tables.restore(name, target, at)
    for target in restored.values():
        tables.wait(target)


def _put_back(tables: Tables, name: str, target: str, found: Comparison) -> int:
    lost, keys = set(found.missing), tables.keys(name)
    return tables.put(name, (item for item in tables.items(target) if key_of(item, keys) in lost))


def _line(name: str, found: Comparison, seconds: float) -> str:
    return (
        f"{name}: {found.restored} items, {found.same} the same, {found.changed} changed since, {found.newer} newer, "
        f"{len(found.missing)} lost since ({seconds:.0f} s)"
    )


if __name__ == "__main__":
    sys.exit(main())
