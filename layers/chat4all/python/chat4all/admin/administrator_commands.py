"""`administrators list|grant|revoke`: users who administer the deployment. The first one is made here."""

import argparse
import json
from typing import Any

from chat4all.admin.arguments import add_noun
from chat4all.admin.errors import AdminError
from chat4all.admin.operations import operated, operator
from chat4all.admin.tables import table
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.ids import is_id


def add_to(nouns: Any) -> None:
    """Add the noun to the subparsers of the command line."""
    verbs = add_noun(nouns, "administrators", "users who administer the deployment", __doc__)
    listing = verbs.add_parser("list", help="all of them")
    listing.add_argument("--json", action="store_true", help="JSON for programs")
    listing.set_defaults(run=_list)
    for verb, run, said in (
        ("grant", _grant, "make a user one"),
        ("revoke", _revoke, "make one none, the last one too"),
    ):
        changing = verbs.add_parser(verb, help=said)
        changing.add_argument("user", help="username, email or user id")
        changing.set_defaults(run=run)


def _list(arguments: argparse.Namespace) -> int:
    found = app().administrators.list()["items"]
    if arguments.json:
        print(json.dumps(found, indent=2))
        return 0
    table(("USER", "GRANTED", "BY"), [[each["user_id"], each["granted_at"], each["granted_by"]] for each in found])
    print(f"{len(found)} {'administrator' if len(found) == 1 else 'administrators'}")
    return 0


def _grant(arguments: argparse.Namespace) -> int:
    user_id = _user_id(arguments.user)
    with operated(Action.ADMINISTRATOR_GRANT, user_id):
        app().administrators.grant(user_id, operator())
    print(f"{arguments.user} administers the deployment")
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    user_id = _user_id(arguments.user)
    with operated(Action.ADMINISTRATOR_REVOKE, user_id):
        app().administrators.revoke(user_id, even_the_last=True)
    print(f"{arguments.user} does not administer the deployment any more")
    return 0


def _user_id(named: str) -> str:
    if is_id(named):
        return named
    from chat4all.users import find

    app().bind_tables()
    user = find(named)
    if user is None:
        raise AdminError(f"there is no user {named!r}: a username, an email or a user id is needed")
    return str(user.id)
