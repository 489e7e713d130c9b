"""Circuit breakers: a provider account that fails again and again is left alone, but for a probe now and then.

closed → open after failures in a row; open → half-open when its time is over; half-open → closed by one probe that succeeds,
open for longer by one that fails. The state is shared by all environments; each reads it at most once a second for an account.
A good send of a closed account costs that read and nothing else.
"""

import random
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chat4all.channels.fates import NotSent, ThrottledUntil, is_fault_of_provider
from chat4all.clock import now_ms, rfc3339
from chat4all.domain.circuit import CircuitRules, open_for_s
from chat4all.errors import Unavailable
from chat4all.logs import logger
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import CIRCUITS_OPENED
from chat4all.stores.circuit_breakers import CircuitBreaker
from chat4all.stores.table import update_if
from chat4all.tracing.spans import Kind, call

Result = TypeVar("Result")
_CACHED_S = 1.0
_CACHED_ACCOUNTS = 1000
_KEPT_S = 7 * 24 * 3600
_NOT_WRITTEN = "The state of the account could not be written"


@dataclass(frozen=True, slots=True)
class _Read:
    breaker: CircuitBreaker
    at: float


class CircuitBreakers:
    """Sends through the breaker of an account."""

    def __init__(
        self,
        rules: CircuitRules,
        *,
        clock_ms: Callable[[], int] = now_ms,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._rules = rules
        self._clock_ms = clock_ms
        self._chance = chance
        self._cache: OrderedDict[str, _Read] = OrderedDict()

    def send(self, account_id: str, send: Callable[[], Result]) -> Result:
        """What `send` returns: the provider's answer.

        Raises:
            NotSent: of `send`; or ThrottledUntil with the word `circuit_open`: it was not tried.
            Unavailable, PynamoDBException: DynamoDB does not answer; it was not tried.
        """
        breaker = self._current(account_id)
        probe = None
        if breaker.open_until is not None:
            probe = self._claim_probe(breaker)
        try:
            # Providers are told nothing of the trace: it is none of theirs.
            with call("call provider", Kind.CLIENT, {"chat4all.account_id": account_id}):
                answer = send()
        except NotSent as error:
            reason = error.fate.reason if is_fault_of_provider(error.fate) else None
            self._learn(breaker, probe, reason)
            raise
        self._learn(breaker, probe, None)
        return answer

    def _learn(self, breaker: CircuitBreaker, probe: int | None, failure: str | None) -> None:
        """Write what came of a send; what cannot be written must not hide it, since it may have been sent."""
        try:
            if failure is None:
                self._succeeded(breaker, probe)
            else:
                self._failed(breaker, probe, failure)
        except (PynamoDBException, Unavailable) as error:
            logger.warning("circuit breaker not written", account_id=breaker.account_id, cause=str(error))

    def _current(self, account_id: str) -> CircuitBreaker:
        read = self._cache.get(account_id)
        if read is None or time.monotonic() - read.at > _CACHED_S:
            read = _Read(_get(account_id), time.monotonic())
            self._keep(account_id, read)
        return read.breaker

    def _keep(self, account_id: str, read: _Read) -> None:
        self._cache[account_id] = read
        self._cache.move_to_end(account_id)
        if len(self._cache) > _CACHED_ACCOUNTS:
            self._cache.popitem(last=False)

    def _claim_probe(self, breaker: CircuitBreaker) -> int:
        """The claim, which is its end in milliseconds; raises NotSent where it is not time, or somebody else probes."""
        now = self._clock_ms()
        waits_until = max(int(breaker.open_until), int(breaker.probing_until or 0))
        if now < waits_until:
            raise _refused(breaker, waits_until - now)
        claim = now + round(self._rules.probe_s * 1000)
        free = CircuitBreaker.probing_until.does_not_exist() | (CircuitBreaker.probing_until <= now)
        may_probe = (CircuitBreaker.open_until <= now) & free
        if not update_if(breaker, [CircuitBreaker.probing_until.set(claim)], may_probe, _NOT_WRITTEN):
            self._cache.pop(breaker.account_id, None)
            raise _refused(breaker, round(self._rules.first_open_s * 1000))
        logger.info("circuit probed", account_id=breaker.account_id)
        return claim

    def _succeeded(self, breaker: CircuitBreaker, probe: int | None) -> None:
        if probe is None and not breaker.failures:
            return
        now = self._clock_ms()
        closed: list[Action] = [
            CircuitBreaker.failures.set(0),
            CircuitBreaker.opens.set(0),
            CircuitBreaker.reason.remove(),
            CircuitBreaker.open_until.remove(),
            CircuitBreaker.probing_until.remove(),
            self._expiry(),
        ]
        if probe is None:
            condition: Condition = CircuitBreaker.open_until.does_not_exist()
        else:
            closed.append(CircuitBreaker.since.set(now))
            condition = CircuitBreaker.probing_until == probe
        if update_if(breaker, closed, condition, _NOT_WRITTEN) and probe is not None:
            logger.info("circuit closed", account_id=breaker.account_id)
        self._cache.pop(breaker.account_id, None)

    def _failed(self, breaker: CircuitBreaker, probe: int | None, reason: str) -> None:
        self._cache.pop(breaker.account_id, None)
        if probe is not None:
            self._open(breaker, reason, CircuitBreaker.probing_until == probe)
            return
        counted = [CircuitBreaker.failures.add(1), CircuitBreaker.reason.set(reason), self._expiry()]
        closed = CircuitBreaker.open_until.does_not_exist()
        if update_if(breaker, counted, closed, _NOT_WRITTEN) and breaker.failures >= self._rules.threshold:
            self._open(breaker, reason, closed)

    def _open(self, breaker: CircuitBreaker, reason: str, condition: Condition) -> None:
        opens = int(breaker.opens) + 1
        open_s, now = open_for_s(opens, self._rules, self._chance()), self._clock_ms()
        actions: list[Action] = [
            CircuitBreaker.open_until.set(now + round(open_s * 1000)),
            CircuitBreaker.opens.set(opens),
            CircuitBreaker.reason.set(reason),
            CircuitBreaker.probing_until.remove(),
            self._expiry(),
        ]
        if opens == 1:
            actions.append(CircuitBreaker.since.set(now))
        if update_if(breaker, actions, condition, _NOT_WRITTEN):
            logger.warning("circuit opened", account_id=breaker.account_id, reason=reason, opens=opens, open_s=open_s)
            count(CIRCUITS_OPENED)

    def _expiry(self) -> Action:
        return CircuitBreaker.expires_at.set(self._clock_ms() // 1000 + _KEPT_S)


def breaker_views(account_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """As their owner sees them, by account: {state: closed | open | half_open, failures, since?, retry_at?, reason?}."""
    views = {account_id: _view(CircuitBreaker(account_id)) for account_id in account_ids}
    found = CircuitBreaker.batch_get(list(account_ids), consistent_read=True) if account_ids else ()
    return views | {breaker.account_id: _view(breaker) for breaker in found}


def reset_breaker(account_id: str) -> None:
    """Forget what was: the owner has changed the account, or deleted it. Raises PynamoDBException."""
    CircuitBreaker(account_id).delete()


def _view(breaker: CircuitBreaker) -> dict[str, Any]:
    view: dict[str, Any] = {"state": "closed", "failures": int(breaker.failures)}
    if breaker.open_until is not None:
        view["state"] = "open" if now_ms() < breaker.open_until else "half_open"
        view["retry_at"] = rfc3339(int(breaker.open_until))
    if breaker.since is not None:
        view["since"] = rfc3339(int(breaker.since))
    return view | ({"reason": breaker.reason} if breaker.reason else {})


def _get(account_id: str) -> CircuitBreaker:
    try:
        return CircuitBreaker.get(account_id, consistent_read=True)
    except CircuitBreaker.DoesNotExist:
        return CircuitBreaker(account_id)


def _refused(breaker: CircuitBreaker, wait_ms: int) -> NotSent:
    return NotSent(ThrottledUntil(f"circuit_open: after {breaker.reason}", max(wait_ms, 1) / 1000))
