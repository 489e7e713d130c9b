"""When a record that failed is tried again, and when it is given up."""

from dataclasses import dataclass

from chat4all.domain.backoff import backoff_s


@dataclass(frozen=True, slots=True)
class RetryRules:
    """Of a deployment (`config.Settings.retry_rules`)."""

    first_s: float
    longest_s: float
    max_errors: int
    """Tries that may end in an error of ours."""
    max_age_s: float
    """So long a record is tried while others are at fault: a provider that is away, a database that is throttled."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a record failed."""

    cause: str
    is_excused: bool = False
    """Others are at fault, so it counts against the age only, not against the errors."""
    wait_s: float = 0.0
    """Not to be tried before that: a throttle's Retry-After."""
    is_exact: bool = False
    """To be tried then, however often it was looked at before."""


def delay_s(rules: RetryRules, tries: int, random: float, wait_s: float = 0.0, *, is_exact: bool = False) -> float:
    """Seconds before the next try after `tries` of them (`backoff_s`); `random`: 0 to 1.

    Never less than `wait_s`, which gets the jitter of a first delay on top; no more than that where it is exact.
    """
    if is_exact:
        return wait_s + rules.first_s * random
    delay = backoff_s(tries, rules.first_s, rules.longest_s, random)
    return max(delay, wait_s + (rules.first_s * random if wait_s else 0.0))


def is_expired(rules: RetryRules, parked_at_ms: int, now_ms: int) -> bool:
    """Whether the next try is the last."""
    return now_ms - parked_at_ms >= rules.max_age_s * 1000


def is_given_up(rules: RetryRules, trouble: Trouble, errors: int, *, expired: bool) -> bool:
    """Whether a record that has just failed with `trouble` is not tried again; `errors` counts this failure."""
    return expired or (not trouble.is_excused and errors >= rules.max_errors)
