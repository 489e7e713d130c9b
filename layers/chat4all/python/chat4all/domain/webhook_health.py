"""When a delivery is tried again, how long an endpoint that fails is left alone, and when it is disabled.

design.md 8: at 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, each after the one before; disabled after 5 days of failure.
"""

from chat4all.domain.backoff import A_FIFTH_EITHER_WAY, backoff_s

SCHEDULE_S = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000)
"""Before each attempt, after the end of the one before."""
JITTER = 0.05
"""Of a wait, at most, on top of it: what failed together does not come again together."""
FAILING_MS = 5 * 24 * 3600 * 1000
"""So long an endpoint may fail, without a success in between, until it is disabled."""
QUIET_MS = FAILING_MS
"""After so long without any attempt it is not known whether it failed all the time."""
LONGEST_ASKED_S = 24 * 3600.0
"""So long an endpoint may ask us to wait (Retry-After)."""
_THRESHOLD = 3
"""Failures in a row after which one delivery at a time asks whether the endpoint is back."""
_FIRST_REST_S, _LONGEST_REST_S = 5.0, 300.0


def wait_s(tries: int, chance: float, asked_s: float = 0.0) -> float | None:
    """Seconds from the end of the last of `tries` attempts, all of which have failed, to the next one; None: it was the last.

    Args:
        chance: 0 to 1.
        asked_s: what the endpoint asks for.
    """
    if tries >= len(SCHEDULE_S):
        return None
    return max(SCHEDULE_S[tries] * (1 + JITTER * chance), min(asked_s, LONGEST_ASKED_S))


def is_resting(failures: int) -> bool:
    """Whether only one at a time may try, after so many failures in a row."""
    return failures >= _THRESHOLD


def rest_s(failures: int, chance: float) -> float:
    """So long nobody tries after so many failures in a row; 0: at once."""
    if not is_resting(failures):
        return 0.0
    return backoff_s(failures - _THRESHOLD + 1, _FIRST_REST_S, _LONGEST_REST_S, chance, A_FIFTH_EITHER_WAY)


def failing_since(since_ms: int | None, failed_ms: int | None, now_ms: int) -> int:
    """Since when an endpoint has failed that fails now: `since_ms` and `failed_ms` as the failure before has left them."""
    if since_ms is None or failed_ms is None or now_ms - failed_ms >= QUIET_MS:
        return now_ms
    return since_ms


def is_given_up(since_ms: int, now_ms: int) -> bool:
    """Whether it has failed for too long."""
    return now_ms - since_ms >= FAILING_MS
