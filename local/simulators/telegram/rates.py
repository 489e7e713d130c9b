"""How fast a bot may send: about 1 message/s in a chat, 30/s in all (core.telegram.org/bots/faq, "hitting limits")."""

import math
from collections.abc import Callable

from local.simulators.buckets import Buckets, Limit

_CHAT = Limit(1.0, 4)
"""With "short bursts"."""
_BOT = Limit(30.0, 30)


class Rates:
    """`clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._buckets = Buckets(clock)

    def take(self, bot_id: int, chat_id: int) -> int:
        """Take one message; answers 0, or the whole seconds to wait where it was too fast (and takes nothing)."""
        _, wait_s = self._buckets.take([((bot_id, chat_id), _CHAT), ((bot_id, None), _BOT)])
        return math.ceil(wait_s)
