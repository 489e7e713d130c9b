"""`keys list|rotate|revoke`: the keys that access tokens are signed with."""

import argparse
from collections.abc import Callable
from typing import Any

from chat4all.admin.arguments import add_noun
from chat4all.admin.errors import AdminError
from chat4all.admin.operations import operated
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.errors import DomainError

Keys = list[dict[str, Any]]


def add_to(nouns: Any) -> None:
    """Add the noun to the subparsers of the command line."""
    verbs = add_noun(nouns, "keys", "keys of access tokens", __doc__)
    verbs.add_parser("list", help="the published keys").set_defaults(run=_list)
    rotate = verbs.add_parser("rotate", help="let the next key sign now; tokens of the last one stay valid")
    rotate.set_defaults(run=_rotate)
    revoke = verbs.add_parser("revoke", help="accept no token of a key any more that signs no more")
    revoke.add_argument("kid")
    revoke.set_defaults(run=_revoke)


def _list(_arguments: argparse.Namespace) -> int:
    return _printed(app().key_rotation.list)


def _rotate(_arguments: argparse.Namespace) -> int:
    with operated(Action.KEY_ROTATE, "signing keys"):
        keys = app().key_rotation.rotate()
    return _printed(lambda: keys)


def _revoke(arguments: argparse.Namespace) -> int:
    with operated(Action.KEY_REVOKE, arguments.kid):
        keys = app().key_rotation.revoke(arguments.kid)
    return _printed(lambda: keys)


def _printed(command: Callable[[], Keys]) -> int:
    try:
        keys = command()
    except DomainError as error:
        raise AdminError(error.detail) from error
    print(f"{'KID':<44}{'STATE':<9}{'PUBLISHED':<26}{'SIGNS FROM':<26}UNTIL")
    for key in keys:
        times = (key["published_at"] or "-", key["signs_from"] or "-", key["not_after"] or "-")
        print(f"{key['kid']:<44}{key['state']:<9}{times[0]:<26}{times[1]:<26}{times[2]}")
    return 0
