"""What may be sent, and what is said about what may not."""

from typing import Any

import pytest

from chat4all.domain.fingerprint import fingerprint
from chat4all.domain.message import TEXT_MAX, SendBody, checked_content
from chat4all.errors import Invalid
from chat4all.validation import parse_json

CONVERSATION = "01939d5a-0000-7000-8000-0000000000c1"


@pytest.mark.parametrize(
    "text", ["a", "x" * TEXT_MAX, "<script>alert(1)</script>", "👩‍👩‍👧‍👦 עברית\u202e", " \n", "\x00"]
)
def test_any_text_is_stored_as_sent(text: str) -> None:
    assert checked_content("text", text) == text


@pytest.mark.parametrize(
    ("kind", "content", "pointer"),
    [
        ("text", "", "/content"),
        ("text", "x" * (TEXT_MAX + 1), "/content"),
        ("text", None, "/content"),
        ("text", {"text": "x"}, "/content"),
        ("text", 5, "/content"),
        ("text", "lone \ud800 surrogate", "/content"),
        ("location", {"latitude": 91, "longitude": 0}, "/content/latitude"),
        ("location", {"latitude": 1}, "/content/longitude"),
        ("location", {"latitude": 1, "longitude": 1, "height": 2}, "/content/height"),
        ("contact", {"name": ""}, "/content/name"),
        ("file", 5, "/content"),
        ("file", "x" * (TEXT_MAX + 1), "/content"),
        ("poem", "x", "/type"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(kind: str, content: Any, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked_content(kind, content)
    assert caught.value.errors[0].pointer == pointer
    assert pointer in caught.value.detail


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ("", "invalid_json", None),
        ("{", "invalid_json", None),
        ("[]", "invalid_json", None),
        ('{"type": "text", "content": NaN}', "invalid_json", None),
        ("[" * 100_000, "invalid_json", None),
        ("{}", "invalid", "/type"),
        ('{"type": "poem"}', "invalid", "/type"),
        ('{"type": "text", "conversation_id": "x"}', "invalid", "/conversation_id"),
        ('{"type": "text", "conversation_id": 5}', "invalid", "/conversation_id"),
        ('{"type": "text", "colour": "red"}', "invalid", "/colour"),
        ('{"type": "text", "channels": []}', "invalid", "/channels"),
        ('{"type": "text", "channels": ["fax"]}', "invalid", "/channels/0"),
        ('{"type": "text", "message_id": "NOT-A-UUID"}', "invalid", "/message_id"),
    ],
)
def test_bodies_that_are_refused(body: str, code: str, pointer: str | None) -> None:
    with pytest.raises(Invalid) as caught:
        parse_json(SendBody, body)
    assert caught.value.code == code
    assert [e.pointer for e in caught.value.errors][:1] == ([pointer] if pointer else [])


def test_a_fingerprint_sees_content_and_not_the_order_of_keys() -> None:
    assert fingerprint(a={"x": 1, "y": 2}, b=None) == fingerprint(b=None, a={"y": 2, "x": 1})
    assert fingerprint(a="x") != fingerprint(a="y")
