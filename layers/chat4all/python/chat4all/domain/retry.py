"""When a record that failed is tried again, and when it is given up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryRules:
    """Of a deployment."""

    first_s: float = 1.0
    longest_s: float = 600.0
    max_errors: int = 10
    """Tries that may end in an error of ours: about a quarter of an hour with these delays."""
    max_age_s: float = 86_400.0
    """So long a record is tried while others are at fault: a provider that is away, a database that is throttled."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a record failed."""

    cause: str
    is_excused: bool = False
    """Others are at fault, so it counts against the age only, not against the errors."""
    wait_s: float = 0.0
    """Not to be tried before that: a throttle's Retry-After."""


def delay_s(rules: RetryRules, tries: int, random: float, wait_s: float = 0.0) -> float:
    """Seconds before the next try after `tries` of them: doubling, between half and whole by `random` (0 to 1), so that what
    failed together does not come back together (AWS Builders' Library, "Timeouts, retries, and backoff with jitter").

    Never less than `wait_s`, which gets the jitter of a first delay on top.
    """
    whole = min(rules.longest_s, rules.first_s * 2.0 ** min(max(tries - 1, 0), 30))
    return max(whole * (0.5 + random / 2), wait_s + (rules.first_s * random if wait_s else 0.0))


def is_expired(rules: RetryRules, parked_at_ms: int, now_ms: int) -> bool:
    """Whether the next try is the last."""
    return now_ms - parked_at_ms >= rules.max_age_s * 1000


def is_given_up(rules: RetryRules, trouble: Trouble, errors: int, *, expired: bool) -> bool:
    """Whether a record that has just failed with `trouble` is not tried again; `errors` counts this failure."""
    return expired or (not trouble.is_excused and errors >= rules.max_errors)
