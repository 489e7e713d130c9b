"""What a provider tells us, in our words: each channel's parse.py makes these of its payloads."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Contact:
    """Who wrote: `address` is what the provider knows them by, and where an answer goes."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message from a contact to one of our accounts."""

    external_id: str
    """The provider's id, unique in the chat with this contact."""
    contact: Contact
    type: str
    """text, location or contact."""
    content: Any
    reply_to: str | None = None
    """The provider's id of what it answers."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A payload that we do not handle yet: it is kept and counted."""

    kind: str
    """A word for it, such as edited_message or photo."""
