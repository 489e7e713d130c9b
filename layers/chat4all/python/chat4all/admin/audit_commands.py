"""`audit`: who did what, when and from where; newest first."""

import argparse
import json
import sys
from typing import Any

from chat4all.admin.arguments import day, number
from chat4all.admin.errors import AdminError
from chat4all.bootstrap import app
from chat4all.clock import now_ms, rfc3339
from chat4all.domain.audit import DEPLOYMENT
from chat4all.errors import DomainError

_PAGE = 100


def add_to(nouns: Any) -> None:
    """Add the noun to the subparsers of the command line."""
    noun = nouns.add_parser("audit", help="who did what, when and from where", description=__doc__)
    which = noun.add_mutually_exclusive_group()
    which.add_argument("--day", type=day, help="everything on a day, such as 2026-11-21 (UTC); today by default")
    for kind in ("user", "conversation", "account"):
        which.add_argument(f"--{kind}", metavar="ID", help=f"the log of one {kind}")
    which.add_argument("--deployment", action="store_true", help="what belongs to nobody, and what operators did")
    noun.add_argument("--limit", type=number, default=_PAGE, help="entries at most (default: %(default)s)")
    noun.add_argument("--json", action="store_true", help="one JSON object a line")
    noun.set_defaults(run=_show)


def _show(arguments: argparse.Namespace) -> int:
    cursor, left, shown = None, arguments.limit, 0
    while left > 0:
        try:
            answer = _page(arguments, min(left, _PAGE), cursor)
        except DomainError as error:
            raise AdminError(error.detail) from error
        for entry in answer["items"]:
            print(json.dumps(entry, ensure_ascii=False) if arguments.json else _line(entry))
        cursor, left, shown = answer["next_cursor"], left - _PAGE, shown + len(answer["items"])
        if cursor is None:
            break
    if not shown:
        print("nothing is recorded there", file=sys.stderr)
    return 0


def _page(arguments: argparse.Namespace, limit: int, cursor: str | None) -> dict[str, Any]:
    for kind in ("user", "conversation", "account"):
        if getattr(arguments, kind):
            return app().audit.read(f"{kind}:{getattr(arguments, kind)}", limit, cursor)
    if arguments.deployment:
        return app().audit.read(DEPLOYMENT, limit, cursor)
    return app().audit.read_day(arguments.day or rfc3339(now_ms())[:10], limit, cursor)


def _line(entry: dict[str, Any]) -> str:
    words = (entry["time"], entry["outcome"], entry["action"], entry["actor"] or "-", entry["source_address"] or "-")
    more = [entry[name] for name in ("target", "code", "user_agent") if entry[name]]
    more += [f"{name}={value}" for name, value in entry["details"].items()]
    return "  ".join([f"{words[0]}  {words[1]:<7} {words[2]:<22} {words[3]}", words[4], *map(repr, more)])
