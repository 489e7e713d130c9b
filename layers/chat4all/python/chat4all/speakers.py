"""Who speaks: display names for channels that cannot show them, kept for a minute, so that messages need not wait for them."""

import time
from collections.abc import Callable, Sequence

from chat4all.domain.one_line import one_line
from chat4all.domain.routes import Recipient
from chat4all.stores.users import User

_KEPT_S = 60.0
_KNOWN = 10_000
_LONGEST = 80
"""Characters of a name: as many as our own users' may have."""
_SEVERAL = 3
"""Members of a conversation in which more than one may speak to a recipient."""


class Speakers:
    """Names of one environment; a new one is known everywhere within a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._names: dict[str, tuple[float, str | None]] = {}

    def name_for(self, members: Sequence[Recipient], sender_id: str) -> str | None:
        """What to say in front of the sender's words; None where only one can speak, or the sender has no name.

        Half a read unit a sender and minute.
        """
        if len(members) < _SEVERAL:
            return None
        known = self._names.pop(sender_id, None)
        if known is None or self._clock() - known[0] > _KEPT_S:
            known = self._clock(), _display_name(sender_id)
        self._names[sender_id] = known
        if len(self._names) > _KNOWN:
            self._names.pop(next(iter(self._names)))
        return known[1]


def _display_name(user_id: str) -> str | None:
    try:
        user = User.get(user_id, attributes_to_get=["id", "display_name", "username"])
    except User.DoesNotExist:
        return None
    return spoken(user.display_name) or user.username


def spoken(name: str | None) -> str | None:
    """`name` as it may stand in front of a text: contacts choose theirs, and a line break in it would begin a line that nobody
    has said. None where nothing of it is seen."""
    shown = one_line(name or "")
    return (shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1].rstrip()}…") or None
