"""What a connector is asked to send to one recipient, cut into parts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat4all.channels.delivery_log import DeliveryLog
from chat4all.channels.media import MediaStore
from chat4all.channels.outgoing import Outgoing, Part, file_of
from chat4all.channels.recipients import Recipient
from chat4all.stores.accounts import Account


@dataclass(frozen=True, slots=True)
class Task:
    """One request, with what it needs."""

    log: DeliveryLog
    account: Account
    recipient: Recipient
    parts: Sequence[Part]
    remaining_ms: Callable[[], int]
    is_last_try: bool
    is_aside: bool = False
    """Of no conversation: what they write next belongs where it did before."""


def outgoing_of(media: MediaStore, message: Mapping[str, Any], sender_name: str | None, account: Account) -> Outgoing:
    """A message (as DeliveryRequested has it), to be cut into parts; raises NotSent where a file of it has not come yet."""
    shown = message.get("files") or ([message["file"]] if message.get("file") else [])
    return Outgoing(
        type=message["type"],
        content=message["content"],
        sender_name=sender_name,
        files=tuple(media.outgoing(file) for file in shown),
        settings=account.settings,
    )


def file_ids_of(parts: Sequence[Part]) -> tuple[str | None, ...]:
    """Of each part the file that it carries."""
    return tuple(file.file_id if (file := file_of(part)) is not None else None for part in parts)
