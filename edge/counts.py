"""What the edge counts, and logs once a minute where something has changed."""

import asyncio
from collections import Counter

from chat4all.logs import logger

_EVERY_S = 60.0


class Counts:
    """Counters by name; names are listed in docs/grpc.md."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._logged: Counter[str] = Counter()

    def add(self, name: str, number: int = 1) -> None:
        """Count `number` more."""
        self._counts[name] += number

    def __getitem__(self, name: str) -> int:
        return self._counts[name]

    async def run(self) -> None:
        """Log what has grown, until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_S)
            self.log()

    def log(self) -> None:
        """One line with what was counted since the last one; none where nothing was."""
        new = self._counts - self._logged
        if new:
            logger.info("counts", extra={"counts": dict(sorted(new.items()))})
        self._logged = self._counts.copy()
