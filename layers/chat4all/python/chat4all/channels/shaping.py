"""How fast we send: within a channel's rates for each account and recipient, exact across environments."""

import time
from collections.abc import Callable

from chat4all.channels.channel import Rates
from chat4all.channels.fates import NotSent, ThrottledUntil
from chat4all.errors import RateLimited
from chat4all.rate_limits import RateLimiter

WAIT_S = 0.3
"""So long it is waited for a turn; longer, and the record is parked with its lane, because others stand behind it."""


class Shaping:
    """Costs 2 write units a part. `pace` is a factor on all rates; 0: none is kept."""

    def __init__(self, limiter: RateLimiter, pace: float = 1.0, sleep: Callable[[float], None] = time.sleep) -> None:
        self._limiter = limiter
        self._pace = pace
        self._sleep = sleep

    def wait_for_turn(
        self, account_id: str, address: str, rates: Rates, may_wait: Callable[[float], bool], messages: int = 1
    ) -> None:
        """Take a turn of the recipient and one of the account for each message.

        Args:
            messages: how many go at once, of which no more are counted than may go at once.
            may_wait: whether there is time to wait so many seconds.

        Raises:
            NotSent: ThrottledUntil, with the word `paced`. Unavailable.
        """
        self._take(f"outbound:{account_id}:{address}", rates.recipient, may_wait, messages)
        self._take(f"outbound:{account_id}", rates.account, may_wait, messages)

    def _take(self, key: str, rate: tuple[float, int], may_wait: Callable[[float], bool], messages: int) -> None:
        if not self._pace:
            return
        per_s, burst = rate
        left_s = WAIT_S
        while True:
            try:
                self._limiter.take(key, per_s * self._pace, burst, messages)
            except RateLimited as error:
                wait_s = error.retry_after_s
                if wait_s > left_s or not may_wait(wait_s):
                    raise NotSent(ThrottledUntil(f"paced: {error.detail}", wait_s)) from error
                self._sleep(wait_s)
                left_s -= wait_s
            else:
                return
