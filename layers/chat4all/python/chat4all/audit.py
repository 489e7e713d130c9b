"""The audit log. An entry is written after what it tells of, beside it: it is not on the way of messages.

Where an entry cannot be stored, what it tells of stays done and answered, and the whole entry goes to the function's own log at
level ERROR ("audit entry not stored"), from where operators can take it. Operators' own commands are different: they are
recorded before they begin, and are not carried out where that fails (admin.operations).
"""

from dataclasses import asdict
from typing import Any

from pynamodb.exceptions import PynamoDBException
from pynamodb.transactions import TransactWrite

from chat4all.clock import now_ms, rfc3339
from chat4all.config import Settings
from chat4all.domain.audit import Entry
from chat4all.errors import DomainError, Unavailable
from chat4all.ids import new_id
from chat4all.logs import logger
from chat4all.pages import decode_cursor, encode_cursor, page
from chat4all.stores.audit_log import AuditItem

_DAY_S = 24 * 3600


class AuditLog:
    """Writes and reads entries. `settings.audit_retention_days`: how long each is kept."""

    def __init__(self, settings: Settings) -> None:
        self._kept_s = settings.audit_retention_days * _DAY_S

    def record(self, entry: Entry, things: dict[str, str]) -> None:
        """Write an entry into the logs it belongs to; where that fails, into the function's log. Never raises for that."""
        try:
            self.write(entry, things)
        except Unavailable as error:
            logger.error("audit entry not stored", entry=asdict(entry.shortened()), things=things, cause=str(error))

    def write(self, entry: Entry, things: dict[str, str]) -> None:
        """Write an entry into the logs it belongs to, all or none; raises Unavailable."""
        items = self._items(entry.shortened(), entry.logs(things))
        try:
            if len(items) == 1:
                items[0].save(AuditItem.entry_id.does_not_exist())
                return
            with TransactWrite(connection=AuditItem.client()) as transaction:
                for item in items:
                    transaction.save(item, condition=AuditItem.entry_id.does_not_exist())
        except (PynamoDBException, DomainError) as error:
            raise Unavailable(f"The audit entry could not be stored ({type(error).__name__})") from error

    def read(self, log: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of a log, newest first."""
        before = AuditItem.entry_id < decode_cursor(cursor, (str,))[0] if cursor is not None else None
        found = list(AuditItem.query(log, before, limit=limit + 1, scan_index_forward=False, consistent_read=True))
        return _page(found, limit)

    def read_day(self, day: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of everything that was done on a day such as 2026-11-21 (UTC), newest first."""
        before = AuditItem.entry_id < decode_cursor(cursor, (str,))[0] if cursor is not None else None
        found = list(AuditItem.by_day.query(day, before, limit=limit + 1, scan_index_forward=False))
        return _page(found, limit)

    def _items(self, entry: Entry, logs: list[str]) -> list[AuditItem]:
        entry_id, now = new_id(), now_ms()
        shared: dict[str, Any] = {
            "at": now,
            "action": str(entry.action),
            "outcome": str(entry.outcome),
            "actor": entry.actor,
            "code": entry.code,
            "target": entry.target,
            "details": entry.details or None,
            "expires_at": now // 1000 + self._kept_s,
            **asdict(entry.origin),
        }
        days = [rfc3339(now)[:10], *[None] * len(logs)]
        return [AuditItem(log, entry_id, day=day, **shared) for log, day in zip(logs, days, strict=False)]


def view(item: AuditItem) -> dict[str, Any]:
    """An entry as it is read."""
    names = ("action", "outcome", "actor", "code", "target", "source_address", "user_agent", "request_id")
    more = {name: getattr(item, name) for name in (*names, "connection_id")}
    return {"id": item.entry_id, "time": rfc3339(int(item.at)), **more, "details": item.details or {}}


def _page(found: list[AuditItem], limit: int) -> dict[str, Any]:
    now_s = now_ms() // 1000
    shown = [view(item) for item in found[:limit] if item.expires_at > now_s]
    following = encode_cursor([found[limit - 1].entry_id]) if len(found) > limit else None
    return page(shown, following)
