"""Our messages as what Telegram takes."""

import pytest

from chat4all.channels.fates import NotSent, Permanent
from chat4all.channels.telegram.parts import ContactPart, LocationPart, Part, TextPart, parts_of

CASES: list[tuple[str, object, list[Part]]] = [
    ("text", "hi", [TextPart("hi")]),
    ("text", "x" * 5000, [TextPart("x" * 4096), TextPart("x" * 904)]),
    ("location", {"latitude": 1.5, "longitude": -2.0}, [LocationPart(1.5, -2.0)]),
    (
        "location",
        {"latitude": 1.5, "longitude": 2, "name": "Café", "address": "Street 1"},
        [LocationPart(1.5, 2), TextPart("Café\nStreet 1")],
    ),
    ("contact", {"name": "Grace", "phone": "+1"}, [ContactPart("+1", "Grace")]),
    (
        "contact",
        {"name": "Grace", "phone": "+1", "email": "g@x.org"},
        [ContactPart("+1", "Grace"), TextPart("g@x.org")],
    ),
    ("contact", {"name": "Grace", "email": "g@x.org"}, [TextPart("Grace\ng@x.org")]),
]


@pytest.mark.parametrize(("kind", "content", "parts"), CASES)
def test_parts(kind: str, content: object, parts: list[Part]) -> None:
    assert parts_of({"type": kind, "content": content}) == parts


def test_a_type_that_cannot_be_sent_yet_is_final() -> None:
    with pytest.raises(NotSent) as caught:
        parts_of({"type": "file", "content": None})
    assert isinstance(caught.value.fate, Permanent)
    assert caught.value.fate.reason.startswith("unsupported_type: ")
