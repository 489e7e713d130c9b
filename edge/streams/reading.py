"""One stream's way through the topic: first what is behind the tail, then with the tail, and back where it was too slow."""

from collections import deque
from collections.abc import Callable

from edge.streams.cursor import Positions
from edge.streams.filter import Filter
from edge.streams.follower import Follower
from edge.streams.happening import Happening
from edge.streams.past import Past
from edge.streams.tail import Tail

MakeFollower = Callable[[str, Filter], Follower]


class Reading:
    """Hands out the events of one user, each once, in the order of each partition. Use `end` at the end.

    Whoever is at the tail is offered all of it from a known place on, so that between what is read of the past, up to there,
    and what is offered nothing is missing; what comes both ways is known by its offset.
    """

    def __init__(
        self,
        tail: Tail,
        past: Past,
        user_id: str,
        wanted: Filter,
        positions: Positions,
        make_follower: MakeFollower = Follower,
    ) -> None:
        self._tail = tail
        self._past = past
        self._user_id = user_id
        self._wanted = wanted
        self._make_follower = make_follower
        self._batch: deque[Happening] = deque()
        self._batch_through: dict[int, int] = {}
        self.positions = dict(positions)
        """Everything before was handed out, or is not asked for."""
        self._follow()

    def _follow(self) -> None:
        self._follower = self._make_follower(self._user_id, self._wanted)
        self._until = self._tail.follow(self._follower)
        for number in self._until:
            self.positions.setdefault(number, 0)

    def wake(self) -> None:
        """Have `next` return."""
        self._follower.wake()

    async def next(self, timeout_s: float) -> Happening | None:
        """The next event; None where none came in time. Raises past.TooOld, past.Away."""
        while True:
            if (happening := self._from_batch()) is not None:
                return happening
            if self._is_behind():
                batch = await self._past.read(self._user_id, self._wanted, self.positions, self._until)
                self._batch, self._batch_through = deque(batch.happenings), batch.positions
                if not batch.happenings:
                    self._move_to(self._batch_through)
                    return None  # a slice of time is over: whoever asks looks at the clock
                continue
            if (happening := self._from_tail()) is not None:
                return happening
            if self._follower.left_behind_at is not None:
                self._go_behind(self._follower.left_behind_at)
                continue
            self._move_to(self._tail.positions)
            await self._follower.wait(timeout_s)
            if (happening := self._from_tail()) is not None or self._follower.left_behind_at is None:
                return happening

    def _from_batch(self) -> Happening | None:
        if not self._batch:
            self._move_to(self._batch_through)
            return None
        happening = self._batch.popleft()
        self.positions[happening.partition] = happening.offset + 1
        return happening

    def _is_behind(self) -> bool:
        return any(self.positions[number] < end for number, end in self._until.items())

    def _from_tail(self) -> Happening | None:
        while (happening := self._follower.take()) is not None:
            if happening.offset >= self.positions.get(happening.partition, 0):
                self.positions[happening.partition] = happening.offset + 1
                return happening
        return None

    def _go_behind(self, stood_at: Positions) -> None:
        """All that was queued is handed out. The rest is read by oneself, up to where the tail stands now."""
        self._move_to(stood_at)
        self._tail.leave(self._follower, left_behind=True)
        self._follow()

    def _move_to(self, positions: Positions) -> None:
        """Never back: what was read of the past may lie before the tail."""
        for number, position in positions.items():
            self.positions[number] = max(position, self.positions.get(number, 0))

    def end(self) -> None:
        """Ask for nothing more."""
        self._tail.leave(self._follower)
