"""What is taken out of a line, whoever made the text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from chat4all.domain.redaction import REDACTED, redacted

ID = "0199aaaa-1111-7222-8333-444455556666"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("no user ana.silva+x@example.co.uk here", "no user [email] here"),
        ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIx.c2lnbmF0dXJl is bad", f"{REDACTED} is bad"),
        ("Authorization: Bearer abc.def-ghi_jkl", f"Authorization: {REDACTED}"),
        ("bearer.eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIx.x", f"{REDACTED}"),
        ("https://api.telegram.org/bot123456789:AAF-abcdefghijklmnopqrstu/sendMessage",
         f"https://api.telegram.org/bot{REDACTED}/sendMessage"),
        ("signed by whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", f"signed by {REDACTED}"),
        (f"no session {ID}.dGhlIHNlY3JldCBvZiBpdA", f"no session {REDACTED}"),
        (f"GET /files/{ID}/dGhlIHRva2Vu?download", f"GET /files/{ID}/{REDACTED}?download"),
        ("{'password': 'hunter22', 'x': 1}", f"{{'password'={REDACTED}', 'x': 1}}"),
        ("?token=abcdefg&x=1", f"?token={REDACTED}&x=1"),
        ("called +5511998877665 twice", "called […65] twice"),
        (f"telegram_send#{ID}:5511998877665", f"telegram_send#{ID}:[…65]"),
    ],
)  # fmt: skip
def test_what_is_taken_out(text: str, line: str) -> None:
    assert redacted(text) == line


@pytest.mark.parametrize(
    "text",
    [
        f"/v1/files/{ID}/presigned",
        "chat4all.messages-3@12345678901",
        "2026-11-22T07:23:40.123Z",
        f"conversation {ID} is behind",
        "127.0.0.1:9092 does not answer",
        "the token has expired",
        "Secret missing",
        "chat4all.message.created.v1",
    ],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    assert redacted(text) == text


def test_what_a_library_says_it_was_given() -> None:
    class Body(BaseModel):
        content: int

    with pytest.raises(ValidationError) as raised:
        Body.model_validate({"content": "what somebody wrote"})
    assert "somebody" in str(raised.value)
    assert "somebody" not in redacted(str(raised.value))
    assert "Input should be a valid integer" in redacted(str(raised.value))


def test_fields_by_their_names_however_deep() -> None:
    line = {"entry": {"details": [{"content": {"text": 1}, "role": "owner"}]}, "user_id": ID, "password": None}
    expected = {"entry": {"details": [{"content": REDACTED, "role": "owner"}]}, "user_id": ID, "password": REDACTED}
    assert redacted(line) == expected


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=8))
def test_what_is_none_of_it_stays_and_nothing_fails(value: object) -> None:
    once = redacted(value)
    assert redacted(once) == once


@pytest.mark.parametrize(
    "piece", ["y", "eyJ", "a.", "1", "password ", "bearer", "@a", "a@a.", "/files/", "+1", "_:", " "]
)
def test_a_long_text_takes_no_long_time(piece: str) -> None:
    began = time.process_time()
    redacted(piece * (300_000 // len(piece)))
    assert time.process_time() - began < 2
