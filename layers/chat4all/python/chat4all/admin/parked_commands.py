"""`parked list|show|release`: records that failed and wait for their next try, by the lane that they hold back."""

import argparse
import json
from collections.abc import Sequence
from typing import Any

from chat4all.admin.arguments import add_noun, choosing, number
from chat4all.admin.errors import AdminError
from chat4all.admin.operations import operated
from chat4all.admin.parked import Filter, find, records, summary
from chat4all.admin.tables import table
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.retries.lane import consumer_of, release
from chat4all.stores.retries import RetryLane
from chat4all.webhooks.released import make_due
from chat4all.webhooks.requested import CONSUMER as WEBHOOKS

_SHOWN = 100
_EXAMPLES = """A lane is <consumer>#<what is kept in order>: of telegram_send the account and the address, of webhook_send
the owner, the endpoint and the conversation. It is tried again by
itself; release has it tried within seconds. What meets an open circuit breaker waits on: close that first (admin breakers).

examples:
  admin parked list --consumer telegram_send
  admin parked show 'telegram_send#…'
  admin parked release --cause unreachable
  admin parked release --consumer webhook_send
"""


def add_to(nouns: Any) -> None:
    """Add the noun to the subparsers of the command line."""
    verbs = add_noun(nouns, "parked", "records that wait for their next try", __doc__, _EXAMPLES)
    listing = verbs.add_parser("list", help="lanes, the next to be tried first", parents=[choosing()])
    listing.add_argument("--limit", type=number, default=_SHOWN, help="lanes at most (default: %(default)s)")
    listing.set_defaults(run=_list)
    showing = verbs.add_parser("show", help="one lane with what waits in it")
    showing.add_argument("lane", help="as list shows it (in quotes)")
    showing.add_argument("--limit", type=number, default=_SHOWN, help="records at most (default: %(default)s)")
    showing.set_defaults(run=_show)
    releasing = verbs.add_parser("release", help="try again now", parents=[choosing()])
    releasing.add_argument("lane", nargs="*", help="as list shows it; or choose by options")
    releasing.add_argument("--every", action="store_true", help="all lanes")
    releasing.set_defaults(run=_release)


def _list(chosen: argparse.Namespace) -> int:
    found = _find(Filter((), chosen.consumer, chosen.cause))
    rules = app().settings.retry_rules
    shown = [summary(lane, rules) for lane in found[: chosen.limit]]
    if chosen.json:
        print(json.dumps(shown, indent=2, ensure_ascii=False))
        return 0
    names = ("lane", "records", "parked_at", "tries", "errors", "next_try_at", "given_up_at")
    rows = [
        [
            *(str(each.get(name, "-")) for name in names[:5]),
            _next(each),
            str(each.get("given_up_at", "-")),
            each["cause"],
        ]
        for each in shown
    ]
    table(("LANE", "RECORDS", "PARKED", "TRIES", "ERRORS", "NEXT TRY", "GIVEN UP", "CAUSE"), rows)
    left = len(found) - len(shown)
    print(f"{len(found)} {'lane' if len(found) == 1 else 'lanes'}" + (f", {left} not shown (--limit)" if left else ""))
    return 0


def _next(lane: dict[str, Any]) -> str:
    return "at work" if lane["state"] == "at_work" else str(lane["next_try_at"])


def _show(chosen: argparse.Namespace) -> int:
    (lane,) = _find(Filter([chosen.lane]))
    document = summary(lane, app().settings.retry_rules) | {"first": records(lane, chosen.limit)}
    print(json.dumps(document, indent=2, ensure_ascii=False))
    return 0


def _release(chosen: argparse.Namespace) -> int:
    wanted = Filter(chosen.lane, chosen.consumer, chosen.cause)
    if wanted == Filter([]) and not chosen.every:
        raise AdminError("say which: lanes, --consumer, --cause, or --every")
    found = _find(wanted)
    released = _released(found) if found else []
    if chosen.json:
        print(json.dumps({"released": released}, indent=2, ensure_ascii=False))
        return 0
    busy = len(found) - len(released)
    print(f"{len(released)} released" + (f", {busy} at work or done already" if busy else ""))
    return 0


def _released(found: Sequence[RetryLane]) -> list[str]:
    with operated(Action.PARKED_RELEASE, ", ".join(lane.lane for lane in found), lanes=len(found)):
        return [lane.lane for lane in found if _is_released(lane)]


def _is_released(lane: RetryLane) -> bool:
    if consumer_of(lane.lane) == WEBHOOKS:
        make_due(lane.lane)  # first: a retrier that comes in between finds it due
    return release(lane.lane, int(lane.next_at))


def _find(wanted: Filter) -> list[RetryLane]:
    app().bind_tables()
    return find(wanted)
