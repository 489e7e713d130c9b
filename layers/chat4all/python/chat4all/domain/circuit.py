"""When a circuit breaker opens and for how long (Nygard, "Release It!"; Azure Architecture Center, "Circuit Breaker pattern")."""

from dataclasses import dataclass

from chat4all.domain.backoff import A_FIFTH_EITHER_WAY, backoff_s


@dataclass(frozen=True, slots=True)
class CircuitRules:
    """Of a deployment (`config.Settings.breaker_…`), in seconds."""

    threshold: int
    """Failures in a row that open it."""
    first_open_s: float
    """How long it stays open at first; twice as long after each probe that fails."""
    longest_open_s: float
    probe_s: float = 30.0
    """How long a probe may take before another is let through: longer than a send with all its timeouts."""


def open_for_s(opens: int, rules: CircuitRules, chance: float) -> float:
    """How long it stays open for the `opens`th time in a row (from 1), ±20 % by `chance` (0 to 1)."""
    return backoff_s(opens, rules.first_open_s, rules.longest_open_s, chance, A_FIFTH_EITHER_WAY)
