"""The export: all sections one after the other, in pages that fit into an answer and into the time of a function."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain, repeat
from typing import Any

from chat4all.accounts import Accounts
from chat4all.errors import Invalid
from chat4all.export import own_things, said
from chat4all.export.found import Found, Section, listed
from chat4all.pages import BYTES_MAX, decode_cursor, encode_cursor, page

_READS_MAX = 4
"""Of a conversation for one page: each up to 1 MB, of which nothing may be the user's. 512 read units, of the 3,000 a second
that a partition has (DynamoDB's quotas)."""

_CURSOR = (str, str, int)


class Export:
    """Everything that is kept of a user, item by item."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._sections: Mapping[str, Section] = {
            "profile": listed("profile", own_things.profile),
            "sign_in": listed("sign_in", own_things.sign_ins),
            "identity": listed("identity", own_things.identities),
            "session": listed("session", own_things.sessions),
            "webhook": listed("webhook", own_things.webhooks),
            "routing_rule": listed("routing_rule", own_things.routing_rules),
            "account": listed("account", self._own_accounts),
            "file": own_things.files,
            "conversation": said.conversations,
        }

    def page(self, user_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of `{kind, data}`. One in which fewer stand than were asked for, or none, is not the last: that has no cursor.

        Raises:
            Invalid: `invalid_cursor`. Unauthenticated: the account is gone.
        """
        scope = f"export:{user_id}"
        items: list[dict[str, Any]] = []
        size = reads = 0
        reached: list[Any] = []
        for section, found in self._behind(user_id, cursor, scope):
            here = [section, found.key, found.seq]
            if found.data is None:
                reads += 1
                reached = here
                if reads == _READS_MAX:
                    return page(items, encode_cursor(reached, scope))
                continue
            size += len(json.dumps(found.data, ensure_ascii=False).encode())
            if len(items) == limit or (items and size > BYTES_MAX):
                return page(items, encode_cursor(reached, scope))
            items.append({"kind": found.kind, "data": found.data})
            reached = here
        return page(items, None)

    def _behind(self, user_id: str, cursor: str | None, scope: str) -> Iterator[tuple[str, Found]]:
        names = list(self._sections)
        first, key, seq = decode_cursor(cursor, _CURSOR, scope) if cursor is not None else (names[0], "", 0)
        if first not in self._sections:
            raise Invalid.at("?cursor", "is not a cursor of this list", "invalid_cursor")
        positions = chain([(key, seq)], repeat(("", 0)))
        for name, (after, number) in zip(names[names.index(first) :], positions, strict=False):
            for found in self._sections[name](user_id, after, number):
                yield name, found

    def _own_accounts(self, user_id: str) -> own_things.Keyed:
        """As `GET /v1/accounts`: of secrets only that they are set."""
        cursor = None
        while True:
            found = self._accounts.list(user_id, 100, cursor)
            for account in found["items"]:
                yield account["id"], account
            cursor = found["next_cursor"]
            if cursor is None:
                return
