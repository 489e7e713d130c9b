"""When a circuit breaker opens and for how long (Nygard, "Release It!"; Azure Architecture Center, "Circuit Breaker pattern")."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CircuitRules:
    """Seconds."""

    threshold: int = 5
    """Failures in a row that open it."""
    first_open_s: float = 5.0
    """How long it stays open at first; twice as long after each probe that fails."""
    longest_open_s: float = 300.0
    probe_s: float = 30.0
    """How long a probe may take before another is let through: longer than a send with all its timeouts."""


def open_for_s(opens: int, rules: CircuitRules, chance: float) -> float:
    """How long it stays open for the `opens`th time in a row (from 1), ±20 % by `chance` (0 to 1), so that many do not probe
    together.
    """
    grown = min(rules.first_open_s * 2.0 ** min(opens - 1, 30), rules.longest_open_s)
    return grown * (0.8 + 0.4 * chance)
