"""`breakers list|close`: circuit breakers of provider accounts (docs/decisions/0015)."""

import argparse
import json
from typing import Any

from chat4all.admin.arguments import add_noun
from chat4all.admin.errors import AdminError
from chat4all.admin.operations import operated
from chat4all.admin.tables import table
from chat4all.bootstrap import app
from chat4all.circuit_breakers import breaker_views, reset_breaker
from chat4all.domain.audit import Action
from chat4all.stores.circuit_breakers import CircuitBreaker


def add_to(nouns: Any) -> None:
    """Add the noun to the subparsers of the command line."""
    verbs = add_noun(nouns, "breakers", "provider accounts that fail", __doc__)
    listing = verbs.add_parser("list", help="accounts that have failed lately")
    listing.add_argument("--all", action="store_true", help="those without a failure since, too")
    listing.add_argument("--json", action="store_true", help="JSON for programs")
    listing.set_defaults(run=_list)
    closing = verbs.add_parser("close", help="send to an account again, before its time is over")
    closing.add_argument("account", help="id of the account")
    closing.set_defaults(run=_close)


def _list(chosen: argparse.Namespace) -> int:
    app().bind_tables()
    ids = [breaker.account_id for breaker in CircuitBreaker.scan(consistent_read=True)]
    views = [{"account_id": account_id} | view for account_id, view in sorted(breaker_views(ids).items())]
    shown = [view for view in views if chosen.all or view["state"] != "closed" or view["failures"]]
    if chosen.json:
        print(json.dumps(shown, indent=2, ensure_ascii=False))
        return 0
    names = ("account_id", "state", "failures", "since", "retry_at", "reason")
    rows = [[str(view.get(name, "-")) for name in names] for view in shown]
    table(("ACCOUNT", "STATE", "FAILURES", "SINCE", "NEXT PROBE", "REASON"), rows)
    print(f"{sum(view['state'] != 'closed' for view in views)} not closed")
    return 0


def _close(chosen: argparse.Namespace) -> int:
    app().bind_tables()
    if not any(CircuitBreaker.query(chosen.account, consistent_read=True, limit=1)):
        raise AdminError(
            f"nothing is known of a breaker of {chosen.account!r}: an account that has not failed has none"
        )
    with operated(Action.BREAKER_CLOSE, chosen.account):
        reset_breaker(chosen.account)
    print(f"{chosen.account} is closed")
    return 0
