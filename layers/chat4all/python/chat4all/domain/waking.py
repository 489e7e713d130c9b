"""When to wake the router again for a conversation that stays behind: often at first, then ever less."""

from collections.abc import Collection
from dataclasses import dataclass

_LONGEST_MS = 600_000
_SHARE = 4
"""Wait for a quarter of the time that it has been behind: what has failed for long will hardly go at once."""


@dataclass(frozen=True, slots=True)
class _Wakings:
    routed_through: int
    first_ms: int
    last_ms: int


class Waking:
    """Remembers whom this process has woken. What it forgets is only woken once more."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, _Wakings]] = {}

    def keep(self, shard: str, conversation_ids: Collection[str]) -> None:
        """Forget those of `shard` that are behind no more."""
        known = self._known.get(shard, {})
        self._known[shard] = {i: wakings for i, wakings in known.items() if i in conversation_ids}

    def is_due(self, shard: str, conversation_id: str, routed_through: int, now: int) -> bool:
        """Whether to wake it at `now` (milliseconds): at once where it has got on since, or was never woken."""
        known = self._known.get(shard, {}).get(conversation_id)
        if known is None or known.routed_through != routed_through:
            return True
        return now - known.last_ms >= min((known.last_ms - known.first_ms) // _SHARE, _LONGEST_MS)

    def woken(self, shard: str, conversation_id: str, routed_through: int, now: int) -> None:
        """Note that it was woken."""
        shard_known = self._known.setdefault(shard, {})
        known = shard_known.get(conversation_id)
        first = known.first_ms if known is not None and known.routed_through == routed_through else now
        shard_known[conversation_id] = _Wakings(routed_through, first, now)
