"""Deliveries: the fate of each (message, recipient, external channel, part). In-app delivery is the member's watermark."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.domain.status import way_status
from chat4all.stores.table import Connection, Table


def delivery_key(seq: int, recipient_id: str, channel: str, account_id: str, part: int) -> str:
    """Sort key: deliveries of a range of messages are one query, and so are the parts of one way to a recipient."""
    return f"{way_prefix(seq, recipient_id, channel, account_id)}{part:03d}"


def way_prefix(seq: int, recipient_id: str, channel: str, account_id: str) -> str:
    """What the keys of all parts of a message on one way begin with. A user has one address on each account."""
    return f"{seq:012d}#{recipient_id}#{channel}#{account_id}#"


class Delivery(Table):
    """One delivery over an external channel."""

    noun: ClassVar[str] = "deliveries"

    class Meta(Connection):
        pass

    conversation_id = UnicodeAttribute(hash_key=True)
    delivery_key = UnicodeAttribute(range_key=True)
    seq = NumberAttribute()
    message_id = UnicodeAttribute()
    sender_id = UnicodeAttribute()
    recipient_id = UnicodeAttribute()
    channel = UnicodeAttribute()
    account_id = UnicodeAttribute()
    address = UnicodeAttribute()
    part = NumberAttribute(default=0)
    parts = NumberAttribute(null=True)
    """How many the message has on this channel; known when the first is about to be sent, and written in that one."""
    status = UnicodeAttribute()
    """accepted, sent, delivered, read or failed."""
    reason = UnicodeAttribute(null=True)
    """Why it failed, or waits: a stable word and the provider's text."""
    file_id = UnicodeAttribute(null=True)
    """Of a part that carries a file."""
    album: Any = JSONAttribute(null=True)
    """Of the first of several parts that went in one call: what was answered for the others, {part: {external_id, note?}}.

    They are written one by one after it, by whoever comes to them.
    """
    note = UnicodeAttribute(null=True)
    """In what it differs from what was asked, such as a link in the place of a file: a stable word, a colon and a text."""
    is_substitute = NumberAttribute(null=True)
    """1: a text in the place of an edit or reaction which the channel cannot do; `seq` is then the change's number."""
    external_id = UnicodeAttribute(null=True)
    """The provider's id of what was sent."""
    revision = NumberAttribute(null=True)
    """Of the message, as it was handed to the channel; None: as it was sent."""
    changed_to = NumberAttribute(null=True)
    """The revision that this part was brought to, also while others of the same message are not yet."""
    attempts = NumberAttribute(default=0)
    sending_until = NumberAttribute(null=True)
    """Whoever sends it has it to itself until then."""
    sent_at = NumberAttribute(null=True)
    """When it was handed to the provider, milliseconds since 1970."""
    updated_at = NumberAttribute()


def ways(deliveries: Iterable[Delivery]) -> dict[tuple[str, str], str]:
    """Status of each way, (channel, account id), to one recipient, over the parts that the message was sent in.

    Parts that an edit has added since do not count: what was read does not become unread.
    """
    rows: dict[tuple[str, str], list[Delivery]] = {}
    for delivery in deliveries:
        rows.setdefault((delivery.channel, delivery.account_id), []).append(delivery)
    return {way: _status(parts) for way, parts in rows.items()}


def _status(parts: Sequence[Delivery]) -> str:
    count = next((int(row.parts or 1) for row in parts if int(row.part) == 0), 1)
    return way_status((row.status for row in parts if int(row.part) < count), count)
