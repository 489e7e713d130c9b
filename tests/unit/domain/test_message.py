"""What may be sent, and what is said about what may not."""

import json
from typing import Any

import pytest

from chat4all.domain.fingerprint import fingerprint
from chat4all.domain.message import TEXT_MAX, SendBody, checked_content
from chat4all.errors import Invalid
from chat4all.message_commands import send_command
from chat4all.sending import Send, _fingerprint
from chat4all.validation import parse_json

CONVERSATION = "01939d5a-0000-7000-8000-0000000000c1"
IDS = [f"01939d5a-0000-7000-8000-{number:012d}" for number in range(11)]


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
        ('{"type": "file", "file_ids": []}', "invalid", "/file_ids"),
        ('{"type": "file", "file_ids": ["x"]}', "invalid", "/file_ids/0"),
        (f'{{"type": "file", "file_ids": ["{CONVERSATION}", "{CONVERSATION}"]}}', "invalid", "/file_ids"),
        (json.dumps({"type": "file", "file_ids": IDS[:11]}), "invalid", "/file_ids"),
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


def command(**fields: Any) -> Send:
    return send_command(IDS[0], parse_json(SendBody, json.dumps({"conversation_id": CONVERSATION} | fields)))


def test_one_file_and_several() -> None:
    one = command(type="file", file_id=IDS[1])
    assert one == command(type="file", file_ids=[IDS[1]])
    assert command(type="file", file_ids=IDS[:10]).file_ids == tuple(IDS[:10])
    before = {"conversation_id": CONVERSATION, "type": "file", "content": "", "channels": None, "reply_to": None}
    as_ever = fingerprint(**before, metadata=None, file_id=IDS[1])
    assert _fingerprint(one, "") == as_ever, "claims of messages that were sent before stay valid"
    two, turned = (_fingerprint(command(type="file", file_ids=ids), "") for ids in (IDS[:2], IDS[1::-1]))
    assert len({as_ever, two, turned}) == 3


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"type": "file"}, "/file_id"),
        ({"type": "file", "file_id": IDS[0], "file_ids": IDS[:2]}, "/file_ids"),
        ({"type": "text", "content": "x", "file_ids": IDS[:1]}, "/file_ids"),
        ({"type": "text", "content": "x", "file_id": IDS[0]}, "/file_id"),
    ],
)
def test_where_files_are_wrong(fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        command(**fields)
    assert caught.value.errors[0].pointer == pointer
