"""How fast a bot may send: about 1 message/s in a chat, 30/s in all (core.telegram.org/bots/faq, "hitting limits")."""

import math
from collections.abc import Callable
from dataclasses import dataclass

_CHAT = (1.0, 4)
"""Messages a second in the long run, and at once after a pause ("short bursts")."""
_BOT = (30.0, 30)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rates:
    """Token buckets in memory; `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[tuple[int, int | None], _Bucket] = {}

    def take(self, bot_id: int, chat_id: int) -> int:
        """Take one message; answers 0, or the whole seconds to wait where it was too fast (and takes nothing)."""
        now = self._clock()
        chat = self._filled((bot_id, chat_id), _CHAT, now)
        bot = self._filled((bot_id, None), _BOT, now)
        wait_s = max((1 - chat.tokens) / _CHAT[0], (1 - bot.tokens) / _BOT[0])
        if wait_s > 0:
            return math.ceil(wait_s)
        chat.tokens -= 1
        bot.tokens -= 1
        return 0

    def _filled(self, key: tuple[int, int | None], limit: tuple[float, int], now: float) -> _Bucket:
        rate, burst = limit
        bucket = self._buckets.setdefault(key, _Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * rate)
        bucket.at = now
        return bucket
