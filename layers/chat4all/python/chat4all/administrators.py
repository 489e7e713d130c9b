"""Administrators of the deployment (docs/decisions/0051).

Who they are is asked at each request, so who is none any more is none at once.
"""

from collections.abc import Callable
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chat4all.clock import now_ms, rfc3339
from chat4all.errors import Conflict, Forbidden, NotFound, Unavailable
from chat4all.ids import is_id
from chat4all.pages import page
from chat4all.stores.administrators import AdministratorList, administrator_list
from chat4all.stores.table import condition_failed, is_unavailable
from chat4all.stores.users import User

ADMINISTRATORS_MAX = 100
"""They are one item, which DynamoDB keeps to 400 KB; and more than these nobody watches."""
EVERYBODY = "everybody"
"""Value of the setting `channel_accounts` with which every user may have accounts."""
_ATTEMPTS = 10

Entries = dict[str, dict[str, Any]]


class Administrators:
    """Asks, grants and revokes."""

    def __init__(self, channel_accounts: str) -> None:
        self._channel_accounts = channel_accounts

    def check(self, user_id: str) -> None:
        """Raises Forbidden (`administrators_only`), Unavailable."""
        if not is_administrator(user_id):
            raise Forbidden("Only administrators of the deployment may do that", code="administrators_only")

    def whose_accounts(self, user_id: str) -> str | None:
        """Whose channel accounts `user_id` may manage: None for those of all.

        Raises:
            Forbidden: `administrators_only`, where the deployment does not let everybody have accounts.
        """
        if self._channel_accounts == EVERYBODY:
            return None if is_administrator(user_id) else user_id
        self.check(user_id)
        return None

    def list(self) -> dict[str, Any]:
        """All of them, by user id."""
        entries: Entries = administrator_list().entries
        return page([_view(user_id, entries) for user_id in sorted(entries)], None)

    def get(self, user_id: str) -> dict[str, Any]:
        """One of them; raises NotFound."""
        entries: Entries = administrator_list().entries
        if user_id not in entries:
            raise NotFound("No such administrator")
        return _view(user_id, entries)

    def grant(self, user_id: str, granted_by: str) -> dict[str, Any]:
        """Make a user one; who is one already stays as they were.

        Raises:
            NotFound: no such user, or a guest, who cannot sign in. Conflict: `too_many_administrators`. Unavailable.
        """

        def add(entries: Entries) -> None:
            if user_id in entries:
                return
            if len(entries) >= ADMINISTRATORS_MAX:
                raise Conflict(f"There are {ADMINISTRATORS_MAX} administrators already", code="too_many_administrators")
            entries[user_id] = {"granted_by": granted_by, "granted_at": now_ms()}

        _check_user(user_id)
        return _view(user_id, _changed(add, user_id))

    def revoke(self, user_id: str, *, even_the_last: bool = False) -> None:
        """Make a user none.

        Raises:
            NotFound. Conflict: `last_administrator`, unless `even_the_last`. Unavailable.
        """

        def remove(entries: Entries) -> None:
            if user_id not in entries:
                raise NotFound("No such administrator")
            if len(entries) == 1 and not even_the_last:
                raise Conflict("The last administrator makes another one first", code="last_administrator")
            del entries[user_id]

        _changed(remove)


def is_administrator(user_id: str) -> bool:
    """Asked of the table, strongly consistent. A read unit."""
    return user_id in administrator_list().entries


def _changed(change: Callable[[Entries], None], granted: str | None = None) -> Entries:
    """Have `change` done to the list as it stands, as long as `granted` is a user; what it has become."""
    for _ in range(_ATTEMPTS):
        kept = administrator_list()
        entries: Entries = dict(kept.entries)
        change(entries)
        if entries == kept.entries or _is_written(kept, entries, granted):
            return entries
        if granted is not None:
            _check_user(granted)
    raise Unavailable("Others are changing the administrators; nothing was done. Try again.")


def _is_written(kept: AdministratorList, entries: Entries, granted: str | None) -> bool:
    version = kept.version
    is_same = AdministratorList.version.does_not_exist() if version is None else AdministratorList.version == version
    changed = AdministratorList(kept.part, entries=entries, version=int(version or 0) + 1)
    try:
        with TransactWrite(connection=AdministratorList.client()) as transaction:
            transaction.save(changed, condition=is_same)
            if granted is not None:
                transaction.condition_check(
                    User, granted, condition=User.id.exists() & User.deleted_at.does_not_exist()
                )
    except TransactWriteError as error:
        if condition_failed(error) or is_unavailable(error):
            return False
        raise
    return True


def _check_user(user_id: str) -> None:
    user = None
    if is_id(user_id):
        try:
            user = User.get(user_id, consistent_read=True)
        except User.DoesNotExist:
            user = None
    if user is None or user.kind != "user" or user.deleted_at is not None:
        raise NotFound("No such user")


def _view(user_id: str, entries: Entries) -> dict[str, Any]:
    entry = entries[user_id]
    return {"user_id": user_id, "granted_by": entry["granted_by"], "granted_at": rfc3339(int(entry["granted_at"]))}
