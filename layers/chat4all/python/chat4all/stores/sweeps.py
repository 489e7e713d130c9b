"""Sweeps: how far the outbox has been swept, so that a pause of the sweeper, however long, loses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table, engine_now_ms

_FIRST_LOOKBACK_MS = 600_000
"""Where a deployment's very first sweep begins."""
_SAVED_EACH_MS = 30_000


class Sweep(Table):
    """One shard of the outbox index."""

    noun: ClassVar[str] = "sweeps"

    class Meta(Connection):
        pass

    shard = UnicodeAttribute(hash_key=True)
    through_ms = NumberAttribute(null=True)
    """Everything written up to here (milliseconds since 1970) has been routed, but for what is `behind`."""
    behind: Any = JSONAttribute(null=True)
    """{conversation id: its highest number that is known to be written} of those that are not routed up to it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a shard has been swept. True for ever once it was: so any sweeper may write it, also one that is late."""

    through_ms: int
    behind: Mapping[str, int] = field(default_factory=dict)


def standing_of(shard: str) -> Standing:
    """As it was saved last."""
    try:
        sweep = Sweep.get(shard, consistent_read=True)
    except Sweep.DoesNotExist:
        sweep = Sweep(shard)
    if sweep.through_ms is None:
        return Standing(engine_now_ms() - _FIRST_LOOKBACK_MS)
    return Standing(int(sweep.through_ms), dict(sweep.behind or {}))


def save_standing(shard: str, old: Standing, new: Standing) -> None:
    """Save `new` where it says enough more than `old`: each save costs a write unit."""
    if new.behind != old.behind or new.through_ms - old.through_ms >= _SAVED_EACH_MS:
        Sweep(shard, through_ms=new.through_ms, behind=dict(new.behind) or None).save()
