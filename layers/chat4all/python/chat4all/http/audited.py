"""Recording what HTTP functions do: `with api.audited(Action.…, conversation=id):` around it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from chat4all.clock import now_ms
from chat4all.config import settings
from chat4all.domain.addresses import network_of
from chat4all.domain.audit import Action, Entry, Origin, Outcome, Sampler
from chat4all.errors import DomainError, Forbidden, NotFound, RateLimited, Unauthenticated, Unavailable

if TYPE_CHECKING:
    from chat4all.audit import AuditLog

_DENIED = (Forbidden, NotFound, RateLimited, Unauthenticated)
_CONVERSATION = re.compile(r"^/v1/conversations/([0-9a-f-]{36})(?:/|$)")
_sampler = Sampler()


@dataclass
class Audited:
    """What becomes known of a deed while it is done."""

    actor: str | None
    things: dict[str, str]
    details: dict[str, str | int] = field(default_factory=dict)
    recorded: bool = True

    def by(self, user_id: str) -> None:
        """Who it was, where the token does not say it."""
        self.actor = user_id

    def of(self, **things: str) -> None:
        """Which thing it is about, such as `conversation=id`, where it was made just now."""
        self.things |= things

    def skip(self) -> None:
        """Nothing was done."""
        self.recorded = False


@contextmanager
def audited(action: Action, origin: Origin, deed: Audited, only: type[Exception]) -> Iterator[Audited]:
    """Record the deed inside when it is done, denied, or failed on our side; what was wrong with the request is not recorded.

    `only`: errors that are recorded; with another class than Exception success is not recorded either.
    """
    try:
        yield deed
    except Exception as error:
        deed.actor = deed.actor or getattr(error, "user_id", None)
        if isinstance(error, only):
            _record_error(action, origin, deed, error)
        raise
    if deed.recorded and only is Exception:
        audit_log().record(Entry(action, Outcome.DONE, deed.actor, origin, details=deed.details), deed.things)


def denied(actor: str, method: str, path: str, origin: Origin, error: DomainError) -> None:
    """Record that somebody asked for what is not theirs, unless that was recorded closer to it.

    Those who manage a conversation see in its log what its members were refused; strangers leave no trace there.
    """
    if getattr(error, "recorded", False) or (omitted := _sampler.take(f"access:{actor}", now_ms())) is None:
        return
    found = _CONVERSATION.match(path) if isinstance(error, Forbidden) else None
    details: dict[str, str | int] = {"omitted": omitted} if omitted else {}
    entry = Entry(Action.ACCESS, Outcome.DENIED, actor, origin, error.code, f"{method} {path}", details)
    audit_log().record(entry, {"conversation": found[1]} if found else {})


@cache
def audit_log() -> "AuditLog":
    """Imported at the first entry: functions on the way of messages have none."""
    from chat4all.audit import AuditLog
    from chat4all.stores.table import bind

    bind(settings().table_prefix)
    return AuditLog(settings())


def _record_error(action: Action, origin: Origin, deed: Audited, error: Exception) -> None:
    refused = isinstance(error, _DENIED)
    if not refused and isinstance(error, DomainError) and not isinstance(error, Unavailable):
        return
    key = f"{action}:{deed.actor or network_of(origin.source_address or '')}"  # an IPv6 host has 2^64 addresses
    omitted = _sampler.take(key, now_ms()) if refused else 0
    if isinstance(error, DomainError):
        error.__dict__["recorded"] = True
    if omitted is None:
        return
    details = deed.details | ({"omitted": omitted} if omitted else {})
    outcome = Outcome.DENIED if refused else Outcome.FAILED
    code: Any = getattr(error, "code", "internal")
    # A stranger's try to touch a thing is in the stranger's log only.
    things = {} if isinstance(error, NotFound) else deed.things
    audit_log().record(Entry(action, outcome, deed.actor, origin, str(code), details=details), things)
