"""Our messages as what Telegram takes."""

from dataclasses import replace
from typing import Any

import pytest

from chat4all.channels.fates import NotSent, Permanent
from chat4all.channels.outgoing import (
    ContactPart,
    LinkPart,
    LocationPart,
    MediaPart,
    Outgoing,
    OutgoingFile,
    Part,
    TextPart,
)
from chat4all.channels.telegram.parts import parts_of

CASES: list[tuple[str, object, list[Part]]] = [
    ("text", "hi", [TextPart("hi")]),
    ("text", "x" * 5000, [TextPart("x" * 4096), TextPart("x" * 904)]),
    ("text", "😀" * 2049, [TextPart("😀" * 2048), TextPart("😀")]),
    ("location", {"latitude": 1.5, "longitude": -2.0}, [LocationPart(1.5, -2.0)]),
    (
        "location",
        {"latitude": 1.5, "longitude": 2, "name": "Café", "address": "Street 1"},
        [LocationPart(1.5, 2, "Café", "Street 1")],
    ),
    ("location", {"latitude": 1.5, "longitude": 2, "name": "Café"}, [LocationPart(1.5, 2), TextPart("Café")]),
    ("contact", {"name": "Grace", "phone": "+1"}, [ContactPart("Grace", "+1")]),
    (
        "contact",
        {"name": "Grace", "phone": "+1", "email": "g@x.org"},
        [ContactPart("Grace", "+1"), TextPart("g@x.org")],
    ),
    ("contact", {"name": "Grace", "email": "g@x.org"}, [TextPart("Grace\ng@x.org")]),
]
SPOKEN: list[tuple[str, object, list[Part]]] = [
    ("text", "hi", [TextPart("Ana: hi")]),
    ("text", "x" * 4096, [TextPart("Ana: " + "x" * 4091), TextPart("x" * 5)]),
    ("location", {"latitude": 1.5, "longitude": 2}, [TextPart("Ana"), LocationPart(1.5, 2)]),
    ("contact", {"name": "Grace", "phone": "+1"}, [TextPart("Ana"), ContactPart("Grace", "+1")]),
    ("contact", {"name": "Grace", "email": "g@x.org"}, [TextPart("Ana: Grace\ng@x.org")]),
]


@pytest.mark.parametrize(("kind", "content", "parts"), CASES)
def test_parts(kind: str, content: object, parts: list[Part]) -> None:
    assert parts_of(Outgoing(kind, content)) == parts


@pytest.mark.parametrize(("kind", "content", "parts"), SPOKEN)
def test_who_speaks_stands_in_front(kind: str, content: object, parts: list[Part]) -> None:
    assert parts_of(Outgoing(kind, content, sender_name="Ana")) == parts


def file(kind: str, content_type: str, size: int = 1000) -> OutgoingFile:
    return OutgoingFile("f1", kind, "a.bin", content_type, size)


MB = 1_000_000
FILES = [
    ("image", "image/jpeg", 10 * MB, "photo"),
    ("image", "image/jpeg", 10 * MB + 1, "document"),
    ("image", "image/heic", 5, "document"),
    ("image", "image/gif", 5, "animation"),
    ("video", "video/mp4", 50 * MB, "video"),
    ("video", "video/quicktime", 5, "document"),
    ("audio", "audio/mpeg", 5, "audio"),
    ("audio", "audio/flac", 5, "document"),
    ("voice", "audio/ogg; codecs=opus", 5, "voice"),
    ("voice", "audio/amr", 5, "document"),
    ("animation", "video/mp4", 5, "animation"),
    ("sticker", "image/webp", 512_000, "sticker"),
    ("sticker", "image/webp", 512_001, "document"),
    ("sticker", "video/webm", 5, "sticker"),
    ("document", "application/pdf", 5, "document"),
    ("hologram", "x/y", 5, "document"),
]


@pytest.mark.parametrize(("kind", "content_type", "size", "native"), FILES)
def test_a_file_goes_as_what_telegram_has(kind: str, content_type: str, size: int, native: str) -> None:
    sent = file(kind, content_type, size)
    assert parts_of(Outgoing("file", "", files=(sent,))) == [MediaPart(sent, native)]


PHOTO = file("image", "image/jpeg")


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (Outgoing("file", "look"), [MediaPart(PHOTO, "photo", "look")]),
        (Outgoing("file", "look", "Ana"), [MediaPart(PHOTO, "photo", "Ana: look")]),
        (Outgoing("file", "", "Ana"), [MediaPart(PHOTO, "photo", "Ana")]),
        (Outgoing("file", "😀" * 512), [MediaPart(PHOTO, "photo", "😀" * 512)]),
        (Outgoing("file", "😀" * 513), [MediaPart(PHOTO, "photo"), TextPart("😀" * 513)]),
    ],
)
def test_captions(message: Outgoing, parts: list[Part]) -> None:
    assert parts_of(replace(message, files=(PHOTO,))) == parts


def test_a_sticker_has_no_caption() -> None:
    sticker = file("sticker", "image/webp")
    assert parts_of(Outgoing("file", "", "Ana", (sticker,))) == [TextPart("Ana"), MediaPart(sticker, "sticker")]


@pytest.mark.parametrize(
    ("size", "settings", "reason"),
    [
        (50 * MB + 1, None, "too_large: Telegram takes files of at most 50 MB"),
        (2000 * MB + 1, {"upload_max_mb": 2000}, "too_large: Telegram takes files of at most 2000 MB"),
        (0, None, "empty: Telegram takes no empty files"),
    ],
)
def test_what_cannot_be_uploaded_is_a_link(size: int, settings: dict[str, Any] | None, reason: str) -> None:
    sent = file("video", "video/mp4", size)
    message = Outgoing("file", "look", "Ana", (sent,), settings)
    assert parts_of(message) == [TextPart("Ana: look"), LinkPart(sent, reason)]


def test_a_self_hosted_server_takes_more() -> None:
    sent = file("video", "video/mp4", 2000 * MB)
    assert parts_of(Outgoing("file", "", files=(sent,), settings={"upload_max_mb": 2000})) == [MediaPart(sent, "video")]


def test_a_type_that_cannot_be_sent_is_final() -> None:
    with pytest.raises(NotSent) as caught:
        parts_of(Outgoing("hologram", None))
    assert isinstance(caught.value.fate, Permanent)
    assert caught.value.fate.reason.startswith("unsupported_type: ")
