"""Connections to which events are pushed."""

from collections.abc import Iterable, Sequence

from chat4all.connections import Connections


def good_of(connections: Connections, user_ids: Iterable[str]) -> dict[str, Sequence[str]]:
    """Ids of the open connections of each user who has any, but those that are expired."""
    good = {user: [c.id for c in found if not c.is_expired] for user, found in connections.open_of(user_ids).items()}
    return {user: ids for user, ids in good.items() if ids}
