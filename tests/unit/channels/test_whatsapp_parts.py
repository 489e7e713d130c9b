"""Messages of ours as the parts that WhatsApp takes, and its limits."""

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
from chat4all.channels.whatsapp.limits import WINDOW_MS, window
from chat4all.channels.whatsapp.parts import parts_of

PLACE = {"latitude": 1.5, "longitude": -2.0}


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (Outgoing("text", "x" * 4096), [TextPart("x" * 4096)]),
        (Outgoing("text", "😀" * 4097), [TextPart("😀" * 4096), TextPart("😀")]),
        (Outgoing("text", "x" * 4095, "Ana"), [TextPart("Ana: " + "x" * 4091), TextPart("xxxx")]),
        (Outgoing("location", PLACE), [LocationPart(1.5, -2.0)]),
        (
            Outgoing("location", PLACE | {"name": "n", "address": "a"}, "Ana"),
            [TextPart("Ana:"), LocationPart(1.5, -2.0, "n", "a")],
        ),
        (Outgoing("contact", {"name": "Rui", "phone": "+1"}), [ContactPart("Rui", "+1")]),
        (Outgoing("contact", {"name": "Rui", "email": "r@x"}, "Ana"), [TextPart("Ana: Rui\nr@x")]),
    ],
)
def test_parts(message: Outgoing, parts: list[Part]) -> None:
    assert parts_of(message) == parts


def file(kind: str, content_type: str, size: int = 1) -> OutgoingFile:
    return OutgoingFile("f", kind, "name.bin", content_type, size)


MB = 1_000_000


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (file("image", "image/jpeg", 5 * MB), "image"),
        (file("document", "image/png"), "image"),
        (file("video", "video/mp4", 16 * MB), "video"),
        (file("animation", "video/mp4"), "video"),
        (file("audio", "audio/mpeg"), "audio"),
        (file("voice", "audio/ogg; codecs=opus"), "voice"),
        (file("voice", "audio/mpeg"), "audio"),
        (file("audio", "audio/ogg"), "audio"),
        (file("document", "Application/PDF", 100 * MB), "document"),
        (file("sticker", "image/webp", 100_000), "sticker"),
    ],
)
def test_media_that_it_takes(sent: OutgoingFile, kind: str) -> None:
    assert parts_of(Outgoing("file", "", files=(sent,))) == [MediaPart(sent, kind)]


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        (file("image", "image/jpeg", 5 * MB + 1), "too_large: WhatsApp takes files of type image up to 5 MB"),
        (file("video", "video/mp4", 16 * MB + 1), "too_large"),
        (file("document", "application/pdf", 100 * MB + 1), "too_large"),
        (file("sticker", "image/webp", 100_001), "too_large: WhatsApp takes files of type sticker up to 100 KB"),
        (file("image", "image/webp"), "unsupported_type"),
        (file("animation", "image/gif"), "unsupported_type: WhatsApp takes no image/gif"),
        (file("document", "application/zip"), "unsupported_type"),
        (file("document", ""), "unsupported_type"),
    ],
)
def test_media_that_go_as_a_link(sent: OutgoingFile, word: str) -> None:
    said, linked = parts_of(Outgoing("file", "see", "Ana", (sent,)))
    assert said == TextPart("Ana: see")
    assert isinstance(linked, LinkPart)
    assert linked.reason.startswith(word)


@pytest.mark.parametrize(
    ("sent", "caption", "name", "parts"),
    [
        ("image/png", "x" * 1024, None, ["M" + "x" * 1024]),
        ("image/png", "x" * 1025, None, ["x" * 1025, "M"]),
        ("image/png", "", "Ana", ["MAna"]),
        ("audio/mpeg", "hear", None, ["hear", "M"]),
        ("audio/mpeg", "", "Ana", ["Ana", "M"]),
    ],
)
def test_captions(sent: str, caption: str, name: str | None, parts: list[str]) -> None:
    found = parts_of(Outgoing("file", caption, name, (file("any", sent),)))
    assert ["M" + part.caption if isinstance(part, MediaPart) else getattr(part, "text", "") for part in found] == parts


@pytest.mark.parametrize("message", [Outgoing("poll", {}), Outgoing("file", "")])
def test_what_cannot_be_said(message: Outgoing) -> None:
    with pytest.raises(NotSent) as caught:
        parts_of(message)
    assert isinstance(caught.value.fate, Permanent)


TEMPLATE = {"name": "said", "language": "en"}


@pytest.mark.parametrize(
    ("last", "settings", "terms"),
    [
        (10, {}, {}),
        (10, {"template": TEMPLATE}, {}),
        (9, {}, None),
        (9, {"template": TEMPLATE}, {"template": TEMPLATE}),
        (None, {}, None),
        (None, {"template": TEMPLATE}, {"template": TEMPLATE}),
    ],
)
def test_window(last: int | None, settings: dict[str, Any], terms: dict[str, Any] | None) -> None:
    assert window(last, WINDOW_MS + 9, settings) == terms


PHOTO, SONG, ZIP = file("image", "image/png"), file("audio", "audio/mpeg"), file("document", "application/zip")
NO_ZIP = "unsupported_type: WhatsApp takes no application/zip"


@pytest.mark.parametrize(
    ("files", "caption", "said"),
    [
        ((PHOTO, PHOTO, SONG), "look", ["image:look", "image:", "audio:"]),
        ((SONG, PHOTO), "look", ["look", "audio:", "image:"]),
        ((PHOTO, PHOTO), "x" * 1025, ["x" * 1025, "image:", "image:"]),
        ((ZIP, PHOTO), "look", ["look", NO_ZIP, "image:"]),
        ((PHOTO, ZIP), "look", ["image:look", NO_ZIP]),
    ],
)
def test_of_several_files_each_is_a_message(files: tuple[OutgoingFile, ...], caption: str, said: list[str]) -> None:
    found = []
    for part in parts_of(Outgoing("file", caption, files=files)):
        if isinstance(part, MediaPart):
            found.append(f"{part.kind}:{part.caption}")
        else:
            found.append(getattr(part, "text", "") or getattr(part, "reason", ""))
    assert found == said
