"""What HTTP and WebSocket APIs of API Gateway have in common: ids, times and the account's throttle."""

import base64
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

LAMBDA_PAYLOAD_BYTES = 6 * 1024 * 1024
"""Largest payload of a synchronous invocation (Lambda quotas)."""

ACCOUNT_REQUESTS_PER_S = 10_000
ACCOUNT_BURST = 5_000
"""Account-level throttle of a region, shared by HTTP, WebSocket and @connections (API Gateway quotas)."""


def new_request_id() -> str:
    """A request, message or connection id such as `LV7fzho-PHcEJPw=`: 11 random bytes in base64 (URL-safe)."""
    return base64.urlsafe_b64encode(os.urandom(11)).decode()


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def request_time(epoch_ms: int) -> str:
    """CLF time of `requestContext`, such as `12/Mar/2020:19:03:58 +0000`."""
    return datetime.fromtimestamp(epoch_ms / 1000, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")


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


def account_throttle(requests_per_s: float = ACCOUNT_REQUESTS_PER_S) -> TokenBucket:
    """The bucket that the APIs of one stack share; its burst is to its rate as AWS has it."""
    return TokenBucket(requests_per_s, requests_per_s * ACCOUNT_BURST / ACCOUNT_REQUESTS_PER_S)
