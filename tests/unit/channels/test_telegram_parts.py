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


VIDEO, SONG, PDF = file("video", "video/mp4"), file("audio", "audio/mpeg"), file("document", "application/pdf")
STICKER, VOICE = file("sticker", "image/webp"), file("voice", "audio/ogg")
LARGE = file("video", "video/mp4", 50 * MB + 1)


@pytest.mark.parametrize(
    ("files", "albums"),
    [
        ((PHOTO, VIDEO, PHOTO), [1, 1, 1]),
        ((PDF, PDF), [1, 1]),
        ((SONG, SONG, PDF, PDF), [1, 1, 2, 2]),
        ((PHOTO, PDF, PHOTO), [0, 0, 0]),
        ((PHOTO, PHOTO, VOICE, PHOTO, PHOTO), [1, 1, 0, 2, 2]),
        ((PHOTO, LARGE, PHOTO), [0, 0, 0]),
        ((PHOTO, PHOTO, STICKER, STICKER), [1, 1, 0, 0]),
        ((PHOTO,) * 10, [1] * 10),
        ((file("video", "video/mp4", 20 * MB),) * 4, [1, 1, 2, 2]),
    ],
)
def test_neighbours_of_one_sort_are_an_album(files: tuple[OutgoingFile, ...], albums: list[int]) -> None:
    parts = parts_of(Outgoing("file", "", files=files))
    assert [getattr(part, "album", 0) for part in parts] == albums
    assert [part.file for part in parts if isinstance(part, MediaPart | LinkPart)] == list(files)


def shapes(parts: list[Part]) -> list[str]:
    """A text as it is; of a file its kind with its caption, or why it is a link."""
    return [
        part.text
        if isinstance(part, TextPart)
        else f"{part.kind}:{part.caption}"
        if isinstance(part, MediaPart)
        else getattr(part, "reason", "")
        for part in parts
    ]


TOO_LARGE = "too_large: Telegram takes files of at most 50 MB"


@pytest.mark.parametrize(
    ("files", "caption", "said"),
    [
        ((PHOTO, VIDEO), "look", ["photo:look", "video:"]),
        ((PDF, PHOTO), "look", ["document:look", "photo:"]),
        ((PHOTO, VIDEO), "x" * 1025, ["photo:", "video:", "x" * 1025]),
        ((PHOTO, LARGE), "look", ["photo:look", TOO_LARGE]),
        ((LARGE, PHOTO), "look", ["look", TOO_LARGE, "photo:"]),
        ((STICKER, PHOTO), "look", ["look", "sticker:", "photo:"]),
        ((PHOTO, VIDEO), "", ["photo:", "video:"]),
    ],
)
def test_the_caption_of_several_files(files: tuple[OutgoingFile, ...], caption: str, said: list[str]) -> None:
    assert shapes(parts_of(Outgoing("file", caption, files=files))) == said
