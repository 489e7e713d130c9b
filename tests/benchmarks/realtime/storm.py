"""All sockets are lost in one moment, and their clients come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.benchmarks.realtime.crowd import a_crowd
from tests.benchmarks.realtime.stack_place import StackPlace
from tests.benchmarks.sends import percentile

_WITHIN_S = 300.0


@dataclass(frozen=True, slots=True)
class Storm:
    sockets: int
    seconds: Sequence[float]
    """Ascending: from the loss until each is open again and has synced."""
    late: int
    """Not live within five minutes."""
    refused: Mapping[str, int]
    """Handshakes, by status."""
    syncs_refused: Mapping[str, int]
    holes: int
    """Clients whose sync did not bring what was said while they were away."""

    @property
    def is_whole(self) -> bool:
        return not (self.late or self.holes)


async def storm(place: StackPlace, sockets: int, at_once: int) -> Storm:
    """Members of the group with several devices each; one message is sent while all are away."""
    async with a_crowd() as crowd:
        await crowd.open(place.members(sockets), at_once)
        through = await place.newest_in_group()
        await crowd.drop()
        await place.say_to_group("while all were away")
        back = await crowd.come_back(place.group_id, through, _WITHIN_S)
        return Storm(sockets, **back)


def lines(found: Storm) -> list[str]:
    """For the report."""
    when = " / ".join(f"{percentile(found.seconds, share):.1f}" for share in (0.5, 0.99, 1.0)) if found.seconds else "-"
    return [
        f"{f'{found.sockets} dropped at once: live again, p50 / p99 / last s':<65}{when:>20}",
        f"{'  handshakes refused, which came again':<65}{_refusals(found.refused):>20}",
        f"{'  syncs refused, which came again':<65}{_refusals(found.syncs_refused):>20}",
        f"{'  without what was said meanwhile / not back':<52} {'0 / 0':>12}{f'{found.holes} / {found.late}':>20}",
    ]


def _refusals(refused: Mapping[str, int]) -> str:
    return ", ".join(f"{times} x {why}" for why, times in refused.items()) or "none"
