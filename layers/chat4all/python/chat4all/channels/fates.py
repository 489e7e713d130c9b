"""What becomes of a send that did not succeed. Each channel's errors.py maps the provider's errors to one of these."""

from dataclasses import dataclass

from chat4all.retries.trouble import TryLater


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The provider or the way to it failed; the same send may succeed later."""

    reason: str


@dataclass(frozen=True, slots=True)
class ThrottledUntil:
    """Too fast; the provider says how long to wait."""

    reason: str
    wait_s: float


@dataclass(frozen=True, slots=True)
class Permanent:
    """This send will never succeed."""

    reason: str


@dataclass(frozen=True, slots=True)
class RecipientGone:
    """This recipient cannot be reached any more: blocked us, left, or does not exist."""

    reason: str


Fate = TryAgain | ThrottledUntil | Permanent | RecipientGone
"""`reason` is a stable word, a colon and the provider's text."""


_FAULTS_OF_PROVIDER = frozenset({"unreachable", "account_refused"})


def is_fault_of_provider(fate: Fate) -> bool:
    """Whether it says something of the provider or the account, and not of this send: what circuit breakers count."""
    return fate.reason.partition(":")[0] in _FAULTS_OF_PROVIDER


_OF_ALL = frozenset(
    {
        *("recipient_gone", "unavailable", "outside_window", "window_closed", "opted_out", "withheld", "spam_limited"),
        *("recipient_not_allowed", "phone_needed", "restricted_country", "template_refused"),
        *("account_refused", "account_gone", "unreachable", "circuit_open", "throttled", "paced", "no_time"),
    }
)


def concerns_all(reason: str) -> bool:
    """Whether what failed a part fails those behind it too: it is of the recipient, the account or the way, not of that part."""
    return reason.removeprefix("expired: ").partition(":")[0] in _OF_ALL


class NotSent(TryLater):
    """A send that did not succeed, with its fate."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(f"{type(fate).__name__}: {fate.reason}")
        self.fate = fate
        self.wait_s = fate.wait_s if isinstance(fate, ThrottledUntil) else 0.0


class UnderWay(NotSent):
    """Another invocation is sending it: what becomes of it, that one writes."""

    def __init__(self) -> None:
        super().__init__(TryAgain("under_way: another invocation is sending it"))
