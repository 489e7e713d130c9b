"""Chats: what must be known of one contact on one account to tell what became of messages, whichever report comes when.

Entries of one partition a chat: parts by the time at which they were sent, what providers told before we knew what it is
about, and watermarks. What a report needs is read consistently: whoever writes looks afterwards at what the other side wrote.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chat4all.domain.status import below
from chat4all.stores.external_messages import Chat
from chat4all.stores.table import Connection, Table, update_if

SENT_KEPT_S = 30 * 24 * 3600
"""A watermark raises no part that is older."""
EARLY_KEPT_S = 14 * 24 * 3600
"""Above the 7 days for which Meta repeats a webhook."""
_NOT_KEPT = "What the provider told could not be kept"


class SentPart(Table):
    """A part that a provider has taken."""

    noun: ClassVar[str] = "chats"

    class Meta(Connection):
        pass

    chat = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)
    """sent#<milliseconds since 1970, 13 digits>#<external id>."""
    external_id = UnicodeAttribute()
    expires_at = NumberAttribute()
    """Seconds since 1970."""


class EarlyReport(Table):
    """What became of a message whose external id we do not know yet."""

    noun: ClassVar[str] = "chats"

    class Meta(Connection):
        pass

    chat = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)
    """early#status#<external id>."""
    status = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    time_ms = NumberAttribute()
    expires_at = NumberAttribute()


class EarlyChange(Table):
    """What a contact did to a message that we do not know yet: the last of each kind."""

    noun: ClassVar[str] = "chats"

    class Meta(Connection):
        pass

    chat = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)
    """early#change#<external id>#<kind>."""
    change: Any = JSONAttribute()
    expires_at = NumberAttribute()


class LastChange(Table):
    """When the change of a message that was taken last was made, by the provider's clock."""

    noun: ClassVar[str] = "chats"

    class Meta(Connection):
        pass

    chat = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)
    """last#<kind>#<external id>."""
    at = NumberAttribute()
    expires_at = NumberAttribute()


class Watermark(Table):
    """How far a chat is delivered, or read."""

    noun: ClassVar[str] = "chats"

    class Meta(Connection):
        pass

    chat = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)
    """through#<status>."""
    through_ms = NumberAttribute()
    """All that was sent until then has the status; whoever sends looks here after writing what was sent."""
    told_ms = NumberAttribute(default=0)
    """All that was written as sent until then was told so."""


def sent_part(chat: Chat, external_id: str, sent_ms: int) -> SentPart:
    """The entry of a part."""
    expires_at = sent_ms // 1000 + SENT_KEPT_S
    return SentPart(chat.key, f"sent#{sent_ms:013d}#{external_id}", external_id=external_id, expires_at=expires_at)


def sent_between(chat: Chat, after_ms: int, through_ms: int) -> Iterator[str]:
    """External ids of parts that were sent later than `after_ms` and not later than `through_ms`, the earliest first."""
    between = SentPart.entry.between(f"sent#{after_ms + 1:013d}", f"sent#{through_ms + 1:013d}")
    for part in SentPart.query(chat.key, between, consistent_read=True):
        yield part.external_id


def keep_early_report(chat: Chat, external_id: str, status: str, time_ms: int, reason: str | None, now_s: int) -> None:
    """Remember the highest status that is told of an id; raises Unavailable."""
    item = EarlyReport(chat.key, f"early#status#{external_id}")
    changes: list[Action] = [
        EarlyReport.status.set(status),
        EarlyReport.time_ms.set(time_ms),
        EarlyReport.reason.set(reason) if reason else EarlyReport.reason.remove(),
        EarlyReport.expires_at.set(now_s + EARLY_KEPT_S),
    ]
    lower = EarlyReport.status.does_not_exist() | EarlyReport.status.is_in(*below(status))
    update_if(item, changes, lower, _NOT_KEPT)


def early_report(chat: Chat, external_id: str) -> EarlyReport | None:
    """What was told of an id, as long as it was not known."""
    try:
        return EarlyReport.get(chat.key, f"early#status#{external_id}", consistent_read=True)
    except EarlyReport.DoesNotExist:
        return None


def keep_early_change(chat: Chat, external_id: str, kind: str, change: Mapping[str, Any], now_s: int) -> None:
    """Remember what was done to an id that is not known yet."""
    entry = f"early#change#{external_id}#{kind}"
    EarlyChange(chat.key, entry, change=dict(change), expires_at=now_s + EARLY_KEPT_S).save()


def early_changes(chat: Chat, external_id: str) -> Iterator[EarlyChange]:
    """What was done to an id, as long as it was not known. Half a read unit where nothing was."""
    prefix = EarlyChange.entry.startswith(f"early#change#{external_id}#")
    yield from EarlyChange.query(chat.key, prefix, consistent_read=True)


def is_latest_change(chat: Chat, external_id: str, kind: str, time_ms: int, order: int = 0) -> bool:
    """Remember that a change was made then; False where a later one is known, at one time one of a higher `order`.

    Raises:
        Unavailable: it could not be remembered.
    """
    item = LastChange(chat.key, f"last#{kind}#{external_id}")
    at = time_ms * 10**12 + order  # DynamoDB's numbers have 38 digits
    earlier = LastChange.at.does_not_exist() | (LastChange.at <= at)
    expires_at = LastChange.expires_at.set(time_ms // 1000 + EARLY_KEPT_S)
    return update_if(item, [LastChange.at.set(at), expires_at], earlier, _NOT_KEPT)


def watermark(chat: Chat, status: str) -> Watermark | None:
    """How far the chat has `status`."""
    try:
        return Watermark.get(chat.key, f"through#{status}", consistent_read=True)
    except Watermark.DoesNotExist:
        return None


def raise_watermark(chat: Chat, status: str, through_ms: int) -> None:
    """Never lowers it; raises Unavailable."""
    lower = Watermark.through_ms.does_not_exist() | (Watermark.through_ms < through_ms)
    update_if(Watermark(chat.key, f"through#{status}"), [Watermark.through_ms.set(through_ms)], lower, _NOT_KEPT)


def told_through(chat: Chat, status: str, told_ms: int) -> None:
    """Remember that all until then was told; never lowers it; raises Unavailable."""
    lower = Watermark.told_ms.does_not_exist() | (Watermark.told_ms < told_ms)
    update_if(Watermark(chat.key, f"through#{status}"), [Watermark.told_ms.set(told_ms)], lower, _NOT_KEPT)
