"""The rules that hold now, and what they make of one invocation, request or call."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from local.faults.rule import STOPS, FaultRule, InvalidFault, Kind, Target


@dataclass
class _Active:
    rule: FaultRule
    added_at: float
    hits: int = 0

    def holds(self, now: float) -> bool:
        spent = self.rule.count is not None and self.hits >= self.rule.count
        return not spent and (self.rule.for_s is None or now - self.added_at < self.rule.for_s)


class Faults:
    """Rules by id (`f1`, `f2` …). `ended` is called when rules have ended by themselves."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
        ended: Callable[[], None] = lambda: None,
        stopped: Callable[[FaultRule], None] = lambda _rule: None,
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._ended = ended
        self._stopped = stopped
        self._active: dict[str, _Active] = {}
        self._last = 0

    def add(self, rule: FaultRule) -> str:
        """From now on; the id of the rule."""
        self._last += 1
        identifier = f"f{self._last}"
        self._active[identifier] = _Active(rule, self._clock())
        return identifier

    def clear(self, ids: list[str]) -> int:
        """Remove these, or all when none is named; how many there were. Raises InvalidFault for an unknown id."""
        for identifier in ids:
            if identifier not in self._active:
                raise InvalidFault(f"There is no fault {identifier}. There are: {', '.join(self._active) or 'none'}.")
        gone = ids or list(self._active)
        for identifier in gone:
            self._active.pop(identifier, None)
        return len(gone)

    def listed(self) -> list[dict[str, Any]]:
        """Each rule as JSON with its `id`, how often it was met (`hits`) and a `text`."""
        self._forget_ended()
        return [
            {"id": identifier, "hits": active.hits, "text": str(active.rule), **asdict(active.rule)}
            for identifier, active in self._active.items()
        ]

    def any_of(self, target: Target, name: str = "") -> bool:
        """Whether a rule holds for this target, whatever its share."""
        now = self._clock()
        rules = [active.rule for active in self._active.values() if active.holds(now)]
        return any(rule.target == target and rule.name == (name or rule.name) for rule in rules)

    def rules(self) -> dict[str, FaultRule]:
        """Those that hold now, by id."""
        now = self._clock()
        return {identifier: active.rule for identifier, active in self._active.items() if active.holds(now)}

    def until(self, identifier: str) -> float | None:
        """When a rule ends, by the clock; None: when it is cleared."""
        active = self._active[identifier]
        return None if active.rule.for_s is None else active.added_at + active.rule.for_s

    def met(self, hits: Mapping[str, int]) -> None:
        """So often each rule has been met: what only an environment can see."""
        for identifier, number in hits.items():
            if identifier in self._active:
                self._active[identifier].hits = number

    async def meet(self, target: Target, name: str) -> Kind | None:
        """Wait out the latencies that are drawn, and return the `error` or `throttle` that is, if one is.

        Pauses and kills that are drawn are given to `stopped`.
        """
        if not self._active:
            return None
        drawn = self._drawn(target, name)
        for rule in drawn:
            if rule.kind in STOPS:
                self._stopped(rule)
        seconds = sum(rule.seconds for rule in drawn if rule.kind == "latency")
        if seconds:
            await asyncio.sleep(seconds)
        return next((rule.kind for rule in drawn if rule.kind in ("error", "throttle")), None)

    def _drawn(self, target: Target, name: str) -> list[FaultRule]:
        self._forget_ended()
        drawn = []
        for active in list(self._active.values()):
            rule = active.rule
            if rule.at is None and (rule.target, rule.name) == (target, name) and self._chance() < rule.share:
                active.hits += 1
                drawn.append(rule)
        return drawn

    def _forget_ended(self) -> None:
        now = self._clock()
        ended = [identifier for identifier, active in self._active.items() if not active.holds(now)]
        for identifier in ended:
            del self._active[identifier]
        if ended:
            self._ended()
