"""How fast a bot may send: about 1 message/s in a chat, 20 a minute in a group, 30/s in all (core.telegram.org/bots/faq)."""

import math
from collections.abc import Callable

from local.simulators.buckets import Buckets, Limit

_CHAT = Limit(1.0, 4)
"""Telegram speaks of "short bursts" and does not say how short."""
_GROUP = Limit(20 / 60, 20)
_BOT = Limit(30.0, 30)


class Rates:
    """In memory; `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._buckets = Buckets(clock)

    def take(self, bot_id: int, chat_id: int, messages: int = 1) -> int:
        """Take messages; answers 0, or the whole seconds to wait where it was too fast (and takes nothing).

        An album goes where one message may, and is paid for by those that follow it.
        """
        limit = _GROUP if chat_id < 0 else _CHAT
        one = [((bot_id, chat_id), limit), ((bot_id, None), _BOT)]
        return math.ceil(self._buckets.take(one * messages)[1])
