"""What fails in a retry: it is parked already, so the retrier is told why and decides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from chat4all.domain.retry import Trouble
from chat4all.kafka.dead_letters import origin_of
from chat4all.kafka.record import Record


class RetriedRecords:
    """Stands in the place of FailedRecords while the retrier invokes."""

    aside = 0
    """Nothing is put aside here."""

    def __init__(self) -> None:
        self.troubles: list[dict[str, Any]] = []
        """{"origin", "cause", "is_excused", "wait_s", "is_exact", "is_dead"} of each record that failed, in order."""

    def busy(self, _lanes: Collection[str]) -> set[str]:
        """None: the retrier gives only what is next in its lane."""
        return set()

    def park(self, _lane: str, records: Sequence[Record], trouble: Trouble, **_options: bool) -> Sequence[Record]:
        """Tell of the first; it and those behind it stay parked."""
        self._tell(records[0].raw, trouble, is_dead=False)
        return records

    def bury(self, raw: Mapping[str, Any], cause: str) -> bool:
        """Tell that it will never succeed; the retrier writes the letter, which knows how often it was tried."""
        self._tell(raw, Trouble(cause), is_dead=True)
        return False

    def skip(self, raw: Mapping[str, Any]) -> None:
        """A tombstone is never parked."""

    def _tell(self, raw: Mapping[str, Any], trouble: Trouble, *, is_dead: bool) -> None:
        origin = origin_of(raw["topic"], raw["partition"], raw["offset"])
        self.troubles.append({"origin": origin, **asdict(trouble), "is_dead": is_dead})
