"""Token buckets: how fast somebody may go in the long run, and how much at once after a pause."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate: so many a second in the long run, and `burst` at once after a pause."""

    a_second: float
    burst: float


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Buckets:
    """Buckets in memory, full at first; `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[Hashable, _Bucket] = {}

    def take(self, wanted: Sequence[tuple[Hashable, Limit]]) -> tuple[int, float]:
        """Take one token from each bucket, or none from any.

        Returns:
            (index of the bucket that lacks most, seconds until it has one); the seconds are 0 where the tokens were taken.
        """
        now = self._clock()
        buckets = [self._filled(key, limit, now) for key, limit in wanted]
        waits = [(1 - bucket.tokens) / limit.a_second for bucket, (_, limit) in zip(buckets, wanted, strict=True)]
        longest = max(range(len(waits)), key=waits.__getitem__)
        if waits[longest] > 0:
            return longest, waits[longest]
        for bucket in buckets:
            bucket.tokens -= 1
        return longest, 0.0

    def _filled(self, key: Hashable, limit: Limit, now: float) -> _Bucket:
        bucket = self._buckets.setdefault(key, _Bucket(limit.burst, now))
        bucket.tokens = min(limit.burst, bucket.tokens + (now - bucket.at) * limit.a_second)
        bucket.at = now
        return bucket
