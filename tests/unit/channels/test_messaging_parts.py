"""Our messages as what Messenger and Instagram take."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat4all.channels.fates import NotSent, Permanent
from chat4all.channels.instagram import limits as instagram_limits
from chat4all.channels.instagram import parts as instagram
from chat4all.channels.messenger import limits as messenger_limits
from chat4all.channels.messenger import parts as messenger
from chat4all.channels.outgoing import LinkPart, MediaPart, Outgoing, OutgoingFile, Part, TextPart

MB = 1_000_000
MAP = "https://www.google.com/maps/search/?api=1&query=1.5,-2.0"


def file(kind: str, content_type: str, size: int = 10) -> OutgoingFile:
    return OutgoingFile("f1", kind, "name", content_type, size)


TEXTS: list[tuple[Outgoing, list[str]]] = [
    (Outgoing("text", "hi"), ["hi"]),
    (Outgoing("text", "hi", sender_name="Ana"), ["Ana: hi"]),
    (Outgoing("location", {"latitude": 1.5, "longitude": -2.0}), [MAP]),
    (
        Outgoing("location", {"latitude": 1.5, "longitude": -2.0, "name": "Bar", "address": "Street 1"}, "Ana"),
        [f"Ana: Bar\nStreet 1\n{MAP}"],
    ),
    (Outgoing("contact", {"name": "Grace", "phone": "+1", "email": "g@x.org"}), ["Grace\n+1\ng@x.org"]),
]


@pytest.mark.parametrize("channel", [messenger, instagram], ids=["messenger", "instagram"])
@pytest.mark.parametrize(("message", "texts"), TEXTS)
def test_texts(channel: Any, message: Outgoing, texts: list[str]) -> None:
    assert channel.parts_of(message) == [TextPart(text) for text in texts]


def test_messenger_counts_characters_and_instagram_bytes() -> None:
    told = Outgoing("text", "é" * 2_001)
    assert [len(part.text) for part in messenger.parts_of(told) if isinstance(part, TextPart)] == [2_000, 1]
    assert [len(part.text) for part in instagram.parts_of(told) if isinstance(part, TextPart)] == [500] * 4 + [1]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3_000))
def test_no_part_of_instagram_is_too_long_and_nothing_is_lost(text: str) -> None:
    parts = instagram.parts_of(Outgoing("text", f"x{text}"))
    texts = [part.text for part in parts if isinstance(part, TextPart)]
    assert all(0 < len(part.encode()) <= 1_000 for part in texts)
    assert "".join("".join(texts).split()) == "".join(f"x{text}".split())


JPEG, OGG = file("image", "image/jpeg"), file("voice", "audio/ogg; codecs=opus")
FILES: list[tuple[OutgoingFile, str | None, str | None]] = [
    (JPEG, "image", "image"),
    (file("image", "image/jpeg", 8 * MB + 1), "file", None),
    (file("image", "image/jpeg", 25 * MB + 1), None, None),
    (file("image", "image/heic"), "file", None),
    (file("sticker", "image/webp"), "file", None),
    (file("animation", "image/gif"), "image", None),
    (file("animation", "video/mp4"), "video", "video"),
    (file("video", "video/mp4", 25 * MB), "video", "video"),
    (file("video", "video/mp4", 25 * MB + 1), None, None),
    (file("video", "video/x-matroska"), "file", None),
    (file("audio", "audio/mpeg"), "audio", None),
    (file("audio", "audio/mp4"), "audio", "audio"),
    (OGG, "file", None),
    (file("document", "application/pdf"), "file", "file"),
    (file("document", "application/zip"), "file", None),
]
"""A file, and as what Messenger and Instagram take it; None: as a link."""


@pytest.mark.parametrize(("sent", "on_messenger", "on_instagram"), FILES, ids=lambda value: str(value)[:70])
def test_files(sent: OutgoingFile, on_messenger: str | None, on_instagram: str | None) -> None:
    message = Outgoing("file", "", files=(sent,))
    for channel, kind in ((messenger, on_messenger), (instagram, on_instagram)):
        (part,) = channel.parts_of(message)
        assert isinstance(part, LinkPart) if kind is None else part == MediaPart(sent, kind)


def test_why_it_is_a_link() -> None:
    (large,) = messenger.parts_of(Outgoing("file", "", files=(file("video", "video/mp4", 30 * MB),)))
    (unknown,) = instagram.parts_of(Outgoing("file", "", files=(OGG,)))
    assert isinstance(large, LinkPart)
    assert large.reason == "too_large: Messenger takes files of at most 25000000 bytes, and it has 30000000"
    assert isinstance(unknown, LinkPart)
    assert unknown.reason == "unsupported_media: Instagram takes no audio/ogg"


CAPTIONS: list[tuple[Outgoing, list[Part]]] = [
    (Outgoing("file", "look", files=(JPEG,)), [MediaPart(JPEG, "image"), TextPart("look")]),
    (Outgoing("file", "look", "Ana", (JPEG,)), [MediaPart(JPEG, "image"), TextPart("Ana: look")]),
    (Outgoing("file", "", "Ana", (JPEG,)), [MediaPart(JPEG, "image"), TextPart("Ana")]),
]


@pytest.mark.parametrize(("message", "parts"), CAPTIONS)
def test_captions_follow(message: Outgoing, parts: list[Part]) -> None:
    assert messenger.parts_of(message) == parts
    assert instagram.parts_of(message) == parts


@pytest.mark.parametrize("message", [Outgoing("text", " "), Outgoing("poll", "x")])
def test_what_cannot_be_said_is_final(message: Outgoing) -> None:
    with pytest.raises(NotSent) as caught:
        messenger.parts_of(message)
    assert isinstance(caught.value.fate, Permanent)


DAY = 24 * 3600 * 1000
TAG = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


@pytest.mark.parametrize("limits", [messenger_limits, instagram_limits], ids=["messenger", "instagram"])
@pytest.mark.parametrize(
    ("age_ms", "terms", "terms_of_people"),
    [(0, {}, {}), (DAY - 1, {}, {}), (DAY, None, TAG), (7 * DAY - 1, None, TAG), (7 * DAY, None, None)],
)
def test_window(limits: Any, age_ms: int, terms: object, terms_of_people: object) -> None:
    now = 10 * DAY
    assert limits.window(now - age_ms, now, {}) == terms
    assert limits.window(now - age_ms, now, {"human_agent": True}) == terms_of_people
    assert limits.window(None, now, {"human_agent": True}) is None


PDF = file("document", "application/pdf")


@pytest.mark.parametrize(("channel", "most"), [(messenger, "é" * 2_000), (instagram, "é" * 500)])
def test_a_long_caption_is_as_many_texts_as_it_needs(channel: Any, most: str) -> None:
    files = (JPEG, PDF)
    assert channel.parts_of(Outgoing("file", most, files=files))[2:] == [TextPart(most)]
    assert channel.parts_of(Outgoing("file", most + "é", files=files))[2:] == [TextPart(most), TextPart("é")]


@pytest.mark.parametrize("channel", [messenger, instagram])
def test_images_that_stand_together_are_one_message(channel: Any) -> None:
    parts = channel.parts_of(Outgoing("file", "look", files=(JPEG, JPEG, PDF, JPEG)))
    assert parts == [
        *(MediaPart(JPEG, "image", album=1) for _ in range(2)),
        MediaPart(PDF, "file"),
        MediaPart(JPEG, "image"),
        TextPart("look"),
    ]
