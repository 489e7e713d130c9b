"""Who is looking at which phone just now: changes are handed to them as they happen."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_BACKLOG = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to show. `revision` is that of a stored message; None for what passes (typing)."""

    name: str
    data: dict[str, Any]
    revision: int | None = None


class Live:
    """Subscriptions in memory; what was missed is read from the storage by revision."""

    def __init__(self) -> None:
        self._queues: dict[int | str, set[asyncio.Queue[Change | None]]] = defaultdict(set)

    @contextmanager
    def watch(self, person_id: int | str) -> Iterator[asyncio.Queue[Change | None]]:
        """Changes of a person's phone from now on; None: watch anew (too slow, or the end)."""
        queue: asyncio.Queue[Change | None] = asyncio.Queue(_BACKLOG)
        self._queues[person_id].add(queue)
        try:
            yield queue
        finally:
            self._queues[person_id].discard(queue)

    def tell(self, person_id: int | str, change: Change) -> None:
        for queue in list(self._queues[person_id]):
            if queue.qsize() >= _BACKLOG - 1:
                self._queues[person_id].discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(change)

    def end(self) -> None:
        """Let every watcher go."""
        for queues in self._queues.values():
            for queue in queues:
                queue.put_nowait(None)
            queues.clear()
