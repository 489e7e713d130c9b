"""Types of files: what is said, what the bytes tell, and what becomes of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat4all.domain.file_types import contradiction, found_type, settled_type
from chat4all.domain.media_types import KINDS, UNKNOWN, fitting_kind, kind_of, may_be_shown, media_type

JPEG, PNG, PDF = b"\xff\xd8\xff\xe0" + b"\0" * 20, b"\x89PNG\r\n\x1a\n" + b"\0" * 20, b"%PDF-1.7\n"
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
OGG = b"OggS" + b"\0" * 30
EXE = b"MZ" + b"\0" * 60
ELF = b"\x7fELF" + b"\0" * 60
EBML = b"\x1a\x45\xdf\xa3" + b"\0" * 60
GZIP, ZIP, OLE = b"\x1f\x8b\x08" + b"\0" * 60, b"PK\x03\x04" + b"\0" * 60, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACH_O, CLASS = b"\xcf\xfa\xed\xfe" + b"\0" * 60, b"\xca\xfe\xba\xbe" + b"\0" * 60
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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
        ("application/xhtml+xml", b"<html xmlns='x'>", "application/xhtml+xml"),
        ("video/webm", EBML, "video/webm"),
        ("audio/x-matroska", EBML, "audio/x-matroska"),
        (DOCX, ZIP, DOCX),
        (DOCX, OLE + b"\0" * 60, DOCX),
        ("application/epub+zip", b"PK\x05\x06", "application/epub+zip"),
        ("application/x-gzip", GZIP, "application/x-gzip"),
        ("application/zip", b"#!/usr/bin/python\nPK\x03\x04", "application/zip"),
        ("image/svg+xml", GZIP, "image/svg+xml"),
        ("application/java-archive", b"#!/bin/sh\n", "application/java-archive"),
        ("application/vnd.microsoft.portable-executable", EXE, "application/vnd.microsoft.portable-executable"),
        ("application/x-sharedlib", ELF, "application/x-sharedlib"),
        ("application/x-java-class", CLASS, "application/x-java-class"),
        ("text/plain", b"BM is how bitmaps begin, and ID3 tags, and OggS", "text/plain"),
        ("text/plain", b"#!/bin/sh\nrm -r x\n", "text/plain"),
        ("text/plain", "\ufeffwide".encode("utf-16-le"), "text/plain"),
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
        ("video/webm", MP4, "video/mp4"),
        ("application/gzip", b"just text", UNKNOWN),
        (DOCX, b"just text", UNKNOWN),
        (DOCX, EXE, "application/x-msdownload"),
        ("application/msword", ELF, "application/x-executable"),
        ("application/zip", MACH_O, "application/x-mach-binary"),
        ("video/mp4", CLASS, "application/java-vm"),
        ("image/heic", b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
        ("text/plain", ZIP, "application/zip"),
        ("audio/mpeg", GZIP, "application/gzip"),
        ("image/tiff", ZIP, "application/zip"),
    ],
)
def test_bytes_that_contradict_decide(declared: str, head: bytes, settled: str) -> None:
    assert contradiction(declared, head) is not None
    assert settled_type(declared, head) == settled


@settings(deadline=None)
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
