"""Whose lane is worked on next: what is slow for one customer shall not be slow for others. Pure."""

from collections import Counter, deque
from collections.abc import Callable, Iterable

Entry = tuple[str, int]
"""Name of a lane, and when it was due."""


class Turns:
    """Lanes that are due and those at work. Who has least at work is next; among equals, who has been due longest."""

    def __init__(self, whose: Callable[[str], str], most: int) -> None:
        """`whose`: lane by lane, to whom it belongs. `most`: lanes of one that may be at work at the same time."""
        self._whose = whose
        self._most = most
        self._waiting: dict[str, deque[Entry]] = {}
        self._at_work: set[str] = set()
        self._places: Counter[str] = Counter()

    def look(self, due: Iterable[Entry]) -> None:
        """These are due now, the longest due first, in the place of what was before."""
        self._waiting = {}
        for name, next_at in due:
            if name not in self._at_work:
                self._waiting.setdefault(self._whose(name), deque()).append((name, next_at))

    def begin(self) -> Entry | None:
        """The next lane, which is at work from now on; None: nobody may begin one."""
        whose = min(self._waiting, key=lambda one: self._places[one], default=None)
        if whose is None or self._places[whose] >= self._most:
            return None
        entry = self._waiting[whose].popleft()
        if not self._waiting[whose]:
            del self._waiting[whose]
        self._at_work.add(entry[0])
        self._places[whose] += 1
        return entry

    def end(self, name: str) -> None:
        """It is at work no more."""
        self._at_work.remove(name)
        self._places[self._whose(name)] -= 1
