"""Our messages and actions as connectors hand them to a channel: each channel's parts.py cuts messages into parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file of ours; `channels.media` has its bytes and its link."""

    file_id: str
    kind: str
    """image, video, audio, voice, document, sticker or animation."""
    filename: str
    content_type: str
    size: int
    """Bytes."""
    gone: str | None = None
    """Why its bytes cannot be had any more, or never came: a stable word, a colon and a text."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be cut into parts. The same message is always cut alike."""

    type: str
    content: Any
    """As domain.message has it; of a file its caption, a text that may be empty."""
    sender_name: str | None = None
    """Where the channel cannot show who speaks and several may: to be said in front of the text."""
    files: tuple[OutgoingFile, ...] = ()
    settings: Mapping[str, Any] | None = None
    """The account's, for limits that a setting changes."""


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str


@dataclass(frozen=True, slots=True)
class LocationPart:
    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ContactPart:
    name: str
    phone: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class MediaPart:
    """A file as the channel's own kind of media."""

    file: OutgoingFile
    kind: str
    """The channel's kind, which may differ from the file's: a large photo as a document."""
    caption: str = ""
    """Of several files the first alone has one, where the channel shows it there."""
    album: int = 0
    """Parts with the same number, which stand together, may go in one call (`channel.SendsAlbums`); 0: it goes alone."""


@dataclass(frozen=True, slots=True)
class LinkPart:
    """A file that the channel cannot take: a text with a link to it."""

    file: OutgoingFile
    reason: str
    """Why, for the recipient's status: a stable word, a colon and a text."""
    caption: str = ""
    """What is said with it, where it was to go as media and was refused."""


Part = TextPart | LocationPart | ContactPart | MediaPart | LinkPart


def file_of(part: Part) -> OutgoingFile | None:
    """The file that a part carries."""
    return part.file if isinstance(part, MediaPart | LinkPart) else None


@dataclass(frozen=True, slots=True)
class Sent:
    """What the provider answered."""

    external_id: str
    note: str | None = None
    """What differs from what was asked, for the recipient's status: a stable word, a colon and a text."""


@dataclass(frozen=True, slots=True)
class EditText:
    """Let what was sent say something else; of several parts, each that changes is one action."""

    external_id: str
    text: str
    is_caption: bool = False


@dataclass(frozen=True, slots=True)
class Retract:
    """Take back one part."""

    external_id: str


@dataclass(frozen=True, slots=True)
class React:
    """The reactions that stand on a message for all our people together; empty: none."""

    external_id: str
    emojis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkRead:
    """Our side has read up to this message of the contact's."""

    external_id: str


@dataclass(frozen=True, slots=True)
class ShowTyping:
    """Somebody is writing to them."""

    external_id: str | None = None
    """The contact's last message, where it is known: WhatsApp shows typing only as an answer to one."""


Action = EditText | Retract | React | MarkRead | ShowTyping


def with_sender(message: Outgoing, text: str) -> str:
    """`text` with who says it in front ("Ana: hello") where that must be said; of no text the name alone."""
    if not message.sender_name:
        return text
    return f"{message.sender_name}: {text}" if text else message.sender_name


def lines(*texts: str | None) -> str:
    """Those that say something, one a line: a contact's name, number and address, for example."""
    return "\n".join(text for text in texts if text)


def place_text(place: LocationPart) -> str:
    """A place in words, where a channel has none: with a link that any map opens
    (developers.google.com/maps/documentation/urls/get-started, "Search").
    """
    link = f"https://www.google.com/maps/search/?api=1&query={place.latitude},{place.longitude}"
    return lines(place.name, place.address, link)


def link_text(part: LinkPart | MediaPart, url: str) -> str:
    """A file in words, on every channel: its caption, its name, and where people find it."""
    return lines(part.caption, part.file.filename, url)
