"""Rate limits in DynamoDB: exact across environments, because each event is one conditional write."""

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chat4all.clock import now_ms
from chat4all.domain.gcra import Rate, exceeded, impossible_tat, latest_tat, retry_after_ms
from chat4all.metrics.limits import count_refused
from chat4all.stores.rate_limits import RateLimit
from chat4all.stores.table import update_if

_KEPT_S = 3600
_REMEMBERED = 10_000


class RateLimiter:
    """Takes events out of buckets."""

    def __init__(self) -> None:
        self._tats: dict[str, float] = {}
        """What this environment believes of buckets: only which of the two updates to try first, so that it is mostly one."""

    def take(self, key: str, rate_per_s: float, burst: int, events: int = 1) -> None:
        """Count events of `key` (at most `burst`), all or none.

        An update cannot say max(now, tat), so there are two: one starts a bucket that has run empty, the other adds to one
        that has not. It costs 1 write unit, and 2 where the wrong one was tried first (a failed condition is billed).

        Raises:
            RateLimited: with the time after which it would be let through. Nothing is counted.
            Unavailable: DynamoDB does not answer.
        """
        rate, now = Rate(rate_per_s, burst), now_ms()
        believed = self._tats.pop(key, 0.0)
        first, second = (_add, _start) if believed > now else (_start, _add)
        taken = min(events, burst)
        if not (first(key, now, rate, taken) or second(key, now, rate, taken)):
            count_refused(key)
            raise exceeded(rate, retry_after_ms(_tat(key, now) + (taken - 1) * rate.interval_ms, now, rate))
        self._tats[key] = max(believed, now) + taken * rate.interval_ms
        if len(self._tats) > _REMEMBERED:
            self._tats.pop(next(iter(self._tats)))


def _start(key: str, now: int, rate: Rate, events: int) -> bool:
    tat = RateLimit.tat
    idle = tat.does_not_exist() | (tat <= now) | (tat > impossible_tat(now, rate))
    return _update(key, [RateLimit.tat.set(now + events * rate.interval_ms), _kept(now)], idle)


def _add(key: str, now: int, rate: Rate, events: int) -> bool:
    latest = max(now, latest_tat(now, rate) - (events - 1) * rate.interval_ms)
    return _update(key, [RateLimit.tat.add(events * rate.interval_ms), _kept(now)], RateLimit.tat.between(now, latest))


def _kept(now: int) -> Action:
    return RateLimit.expires_at.set(now // 1000 + _KEPT_S)


def _update(key: str, actions: list[Action], condition: Condition) -> bool:
    return update_if(RateLimit(key), actions, condition, "The rate limit could not be checked; nothing was done")


def _tat(key: str, now: int) -> float:
    try:
        return float(RateLimit.get(key, consistent_read=True).tat)
    except RateLimit.DoesNotExist:
        return float(now)
