"""Types of files: what is said, what the bytes tell, and what becomes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat4all.domain.file_types import contradiction, found_type, settled_type
from chat4all.domain.media_types import KINDS, UNKNOWN, fitting_kind, kind_of, may_be_shown, media_type

JPEG, PNG, PDF = b"\xff\xd8\xff\xe0" + b"\0" * 20, b"\x89PNG\r\n\x1a\n" + b"\0" * 20, b"%PDF-1.7\n"
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
OGG = b"OggS" + b"\0" * 30
EXE = b"MZ" + b"\0" * 60


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("image/PNG", "image/png"),
        ("text/plain; charset=utf-8", "text/plain"),
        (" audio/ogg; codecs=opus", "audio/ogg"),
        ("nonsense", UNKNOWN),
        ("a/b/c", UNKNOWN),
        ("text/html\r\nX: y", UNKNOWN),
        ("", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_what_is_no_media_type_says_nothing(text: str | None, name: str) -> None:
    assert media_type(text) == name


@pytest.mark.parametrize(
    ("declared", "head", "settled"),
    [
        ("image/png", PNG, "image/png"),
        ("image/jpg", JPEG, "image/jpg"),
        (UNKNOWN, PDF, "application/pdf"),
        (UNKNOWN, b"just text", UNKNOWN),
        ("text/plain", b"just text", "text/plain"),
        ("audio/ogg", OGG, "audio/ogg"),
        ("audio/mp4", MP4, "audio/mp4"),
        (
            "application/vnd.android.package-archive",
            b"PK\x03\x04" + b"\0" * 30,
            "application/vnd.android.package-archive",
        ),
        ("text/html", b"<html>", "text/html"),
    ],
)
def test_what_is_not_contradicted_stays(declared: str, head: bytes, settled: str) -> None:
    assert contradiction(declared, head) is None
    assert settled_type(declared, head) == settled


@pytest.mark.parametrize(
    ("declared", "head", "settled"),
    [
        ("image/png", b"just text", UNKNOWN),
        ("image/png", JPEG, "image/jpeg"),
        ("application/pdf", b"<!-- x --> <!DOCTYPE HTML><html>", "text/html"),
        ("video/mp4", b"  <script>alert(1)</script>", "text/html"),
        ("audio/mpeg", EXE, "application/x-msdownload"),
        ("text/plain", PDF, "application/pdf"),
        ("image/png", b"", UNKNOWN),
    ],
)
def test_bytes_that_contradict_decide(declared: str, head: bytes, settled: str) -> None:
    assert contradiction(declared, head) is not None
    assert settled_type(declared, head) == settled


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_have_a_type(head: bytes, said: str) -> None:
    declared = media_type(said)
    assert media_type(settled_type(declared, head)) == settled_type(declared, head)
    assert kind_of(settled_type(declared, head)) in KINDS


def test_html_is_found_at_any_length_in_time() -> None:
    assert found_type(b"<!--" + b"-- <!--" * 1_100) is None


def test_kinds_fit_their_types() -> None:
    assert [
        kind_of(t) for t in ("image/png", "image/gif", "image/svg+xml", "video/mp4", "audio/ogg", "text/plain")
    ] == [
        "image",
        "animation",
        "document",
        "video",
        "audio",
        "document",
    ]
    assert fitting_kind("voice", "audio/ogg") == "voice"
    assert fitting_kind("voice", "image/png") == "image"
    assert fitting_kind("sticker", "application/x-tgsticker") == "sticker"
    assert fitting_kind("image", UNKNOWN) == "image"


def test_what_runs_is_not_shown_in_place() -> None:
    assert [t for t in ("text/html", "image/svg+xml", "application/x-msdownload", "text/xml") if may_be_shown(t)] == []
    assert may_be_shown("image/png")
    assert may_be_shown("video/mp4")
