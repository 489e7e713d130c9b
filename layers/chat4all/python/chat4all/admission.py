"""Admission control: a request that cannot be served is refused at once with 503, not late by a timeout.

An environment serves one request at a time, so each decides by what its own last calls came to; there is nothing to share and no
queue inside. Two rules: a request has a time budget, which every call to an engine must fit in; and an engine that did
not answer, or answers slowly, is left alone but for a probe now and then (AWS Builders' Library, "Using load shedding to avoid
overload" and "Timeouts, retries, and backoff with jitter").
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from chat4all.domain.backoff import A_FIFTH_EITHER_WAY, backoff_s
from chat4all.errors import Overloaded
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import REQUESTS_SHED

SLOW_S = 0.4
"""A call that takes longer counts as a bad one, and a probe has no longer: 50 times of what DynamoDB takes."""
_BYTES_A_SECOND = 2_000_000
"""What an answer may take longer for its size: a page of long messages has a MB, and whoever reads such pages must not have an
environment refuse what others ask."""
_SLOW_IN_A_ROW = 3
"""Slow answers that open the guard. A call without an answer opens it alone: it has cost a whole timeout."""
_FIRST_OPEN_S, _LONGEST_OPEN_S = 0.25, 2.0
_RESERVE_S = 0.3
"""Kept of the invocation's time, to answer in."""
_LEAST_S = 0.02
"""With less left a call is not begun."""
_COMMIT_S = 1.0
"""Needed of a budget for what must not be left half done: a few calls of a healthy engine, many times over."""
_NO_TIME = "There is no time left for it"


@dataclass(slots=True)
class Answer:
    """What came of a watched call."""

    size: int = 0
    """Bytes."""


@dataclass(slots=True)
class Request:
    """The request that this environment serves now. Times are of time.monotonic."""

    budget_until: float
    """What has not begun to change anything is refused from here on."""
    ends_at: float
    """The end of the invocation."""
    deadline: float
    """Of calls: one of the two."""
    admitted: bool = False
    """Whether a call of it has passed the guard: those that follow it go on, since half of a request is worse than none."""


_current: ContextVar[Request | None] = ContextVar("request", default=None)


@contextmanager
def request(remaining_s: float, budget_s: float) -> Iterator[None]:
    """Serve a request: at most `budget_s`, and not into the end of the invocation, which is `remaining_s` away."""
    now = time.monotonic()
    ends_at = now + remaining_s - _RESERVE_S
    until = min(now + budget_s, ends_at)
    token = _current.set(Request(until, ends_at, until))
    try:
        yield
    finally:
        _current.reset(token)


def commit() -> None:
    """Ask before what must not be left half done. From here on the request has what is left of the invocation.

    Raises:
        Overloaded: too little of the budget is left to begin. Nothing was done.
    """
    check()
    current = _current.get()
    if current is not None:
        current.deadline = current.ends_at


def check() -> None:
    """Ask before the next of many things is begun, each of which may stand without the others.

    Raises:
        Overloaded: too little of the budget is left.
    """
    current = _current.get()
    if current is not None and current.budget_until - time.monotonic() < _COMMIT_S:
        raise _refused(_NO_TIME)


class EngineGuard:
    """Decides whether an engine is asked. Outside a request (consumers) every call is its own."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._slow = 0
        self._opened = 0
        """Times in a row, without a good answer between."""
        self._open_until: float | None = None

    def admit(self, *, writes: bool = False) -> float:
        """Longest time that the next call may take, seconds; infinite where nothing limits it.

        Args:
            writes: it changes something, so that the rest of its request is finished rather than refused.

        Raises:
            Overloaded: it must not be made now.
        """
        current = _current.get()
        allowed = current.deadline - self._clock() if current else float("inf")
        if allowed < _LEAST_S:
            raise _refused(_NO_TIME)
        if self._open_until is None or (current and current.admitted):
            limit = allowed
        elif self._clock() < self._open_until:
            raise _refused("Storage is overloaded")
        else:
            limit = min(SLOW_S, allowed)  # a probe
        if current:
            current.admitted = True
            if writes:
                current.deadline = current.ends_at
        return limit

    @contextmanager
    def watched(self, is_unanswered: Callable[[Exception], bool]) -> Iterator[Answer]:
        """Learn from a call; `is_unanswered` tells its errors from the engine's refusals, which are answers too."""
        started, answer = self._clock(), Answer()
        try:
            yield answer
        except Exception as error:
            if is_unanswered(error):
                self._open()
            else:
                self._answered(self._clock() - started)
            raise
        self._answered(self._clock() - started - answer.size / _BYTES_A_SECOND)

    def _answered(self, seconds: float) -> None:
        if seconds <= SLOW_S:
            self._slow = self._opened = 0
            self._open_until = None
            return
        self._slow += 1
        if self._slow >= _SLOW_IN_A_ROW or self._open_until is not None:
            self._open()

    def _open(self) -> None:
        now = self._clock()
        if self._open_until is not None and now < self._open_until:
            return  # the rest of a request that was let in before
        self._opened += 1
        chance = random.random()  # noqa: S311
        self._open_until = now + backoff_s(self._opened, _FIRST_OPEN_S, _LONGEST_OPEN_S, chance, A_FIFTH_EITHER_WAY)


def _refused(why: str) -> Overloaded:
    count(REQUESTS_SHED, "budget" if why == _NO_TIME else "guard")
    # Spread, so that those who were refused together do not come back together.
    return Overloaded(f"{why}; nothing was done. Try again.", retry_after_s=random.uniform(0.5, 3))  # noqa: S311
