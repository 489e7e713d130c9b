"""What HTTP and WebSocket APIs of API Gateway have in common: ids, times and the account's throttle."""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from local.random_blocks import random_blocks

LAMBDA_PAYLOAD_BYTES = 6 * 1024 * 1024
"""Largest payload of a synchronous invocation (Lambda quotas)."""


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """Account-level throttle of a region, shared by HTTP, WebSocket and @connections (API Gateway quotas)."""

    requests_per_s: float = 10_000.0
    """Half as many may come at once."""


_RANDOM = random_blocks(12)


def new_request_id() -> str:
    """A request, message or connection id such as `LV7fzho-PHcEJPw=`: 11 random bytes in base64 (URL-safe)."""
    return base64.urlsafe_b64encode(next(_RANDOM)[:11]).decode()


def new_trace_id() -> str:
    """Value of `x-amzn-trace-id` where the client sent none (X-Ray, "Tracing header")."""
    return f"Root=1-{int(time.time()):08x}-{next(_RANDOM).hex()}"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def request_time(epoch_ms: int) -> str:
    """CLF time of `requestContext`, such as `12/Mar/2020:19:03:58 +0000`."""
    return _clf(epoch_ms // 1000)


@lru_cache(maxsize=2)
def _clf(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")


class TokenBucket:
    """Token bucket: `rate` tokens a second, at most `burst` at once (API Gateway, "Throttle requests")."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = burst
        self._filled_at = clock()

    def take(self) -> bool:
        """Whether one more request may pass now."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def account_throttle(limits: AccountLimits | None = None) -> TokenBucket:
    """The bucket that the APIs of one stack share; its burst is to its rate as AWS has it."""
    rate = (limits or AccountLimits()).requests_per_s
    return TokenBucket(rate, rate / 2)
