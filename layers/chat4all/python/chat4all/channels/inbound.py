"""What a provider tells us, in our words: each channel's parse.py makes these of its payloads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Contact:
    """Who wrote: `address` is what the provider knows them by, and where an answer goes."""

    address: str
    name: str
    aliases: tuple[str, ...] = ()
    """Other addresses of the same person on the same account, such as the phone number beside a business-scoped id."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file that the provider holds, by its id there or by a URL that expires."""

    kind: str
    """image, video, audio, voice, document, sticker or animation."""
    id: str | None = None
    url: str | None = None
    content_type: str | None = None
    filename: str | None = None
    size: int | None = None
    """Bytes, as the provider says."""
    sha256: str | None = None
    """In hex, as the provider says."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message from a contact to one of our accounts."""

    external_id: str
    """The provider's id, unique in the chat with this contact. Where one message of the provider's is several of ours, the first
    has its id, and the others `<id>#1`, `<id>#2`, …: what is done to the id is done to all of them."""
    contact: Contact
    type: str
    """text, location, contact; or file, with `media`."""
    content: Any
    """As domain.message has it for the type; of a file its caption, a text that may be empty."""
    reply_to: str | None = None
    """The provider's id of what it answers."""
    media: Media | None = None
    origin: Mapping[str, Any] | None = None
    """What else the provider says of it, by a word each: button, list, story, referral, forwarded, album, order and the like."""
    chat: str | None = None
    """The group chat it was said in; None: the contact's own chat with the account."""
    chat_name: str | None = None
    """What the group chat is called, where the provider says so."""


@dataclass(frozen=True, slots=True)
class InboundEdit:
    """The contact changed what a message of theirs says."""

    external_id: str
    contact: Contact
    content: str
    """The whole text, or the whole caption, as it is now."""
    chat: str | None = None
    time_ms: int | None = None
    """When it was changed, milliseconds since 1970, if the provider says so: what was changed earlier is not taken after it."""
    order: int = 0
    """Of two changes at one `time_ms` the one with the higher number is later; below 10**12."""


@dataclass(frozen=True, slots=True)
class InboundUnsend:
    """The contact took a message of theirs back."""

    external_id: str
    contact: Contact
    chat: str | None = None


@dataclass(frozen=True, slots=True)
class InboundReactions:
    """The contact's reactions to a message, as they are now: none left where `emojis` is empty."""

    external_id: str
    """Of the message, which may be theirs or ours."""
    contact: Contact
    emojis: tuple[str, ...]
    chat: str | None = None
    time_ms: int | None = None
    order: int = 0
    """As of InboundEdit."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What became of a message of ours (`external_id`), or of all that were sent up to a time (`through_ms`)."""

    address: str
    """Of the contact it was sent to."""
    status: str
    """sent, delivered, read or failed."""
    time_ms: int
    """When it became so, milliseconds since 1970."""
    external_id: str | None = None
    through_ms: int | None = None
    """A watermark, milliseconds since 1970. With an `external_id`: that message and all that were sent before it."""
    reason: str | None = None
    """Of failed: a stable word, a colon and the provider's text, as in `fates`."""
    aliases: tuple[str, ...] = ()
    """Other addresses of that contact, as of `Contact`: the message may have been sent to one of these."""
    reference: str | None = None
    """What we asked the provider to say with each status of it (`channel.Target.reference`)."""


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """A contact has another address from now on, such as a new phone number."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Echo:
    """A message that our own account sent, by us or by somebody in the provider's own app."""

    external_id: str
    address: str
    """Of the contact it was sent to."""
    reference: str | None = None
    """As of StatusReport: it may come before the provider's answer to our send."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A payload that we do not handle yet: it is kept and counted."""

    kind: str
    """A word for it, such as edited_message or photo."""


Happening = Inbound | InboundEdit | InboundUnsend | InboundReactions | StatusReport | AddressChanged | Echo | Unknown


@dataclass(frozen=True, slots=True)
class Item:
    """One of the things that a webhook's body tells."""

    happening: Happening
    raw: Any
    """Its own part of the body, JSON: what is kept where it is unknown or cannot be taken."""
    name: str
    """The same for the same thing told again; [A-Za-z0-9._-], at most 128 characters."""
    account_key: str | None = None
    """The provider's id of the account it concerns (a phone_number_id, page or profile id); None: the one whose webhook it is."""
    answer: Mapping[str, Any] | None = None
    """Where the provider takes a call of its API in our 200: that call, JSON, said once this is durable (the first of a body)."""
