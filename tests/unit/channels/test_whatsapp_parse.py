"""WhatsApp's webhooks in our words: the fixtures (docs/fixtures.md), what they do not show, and any JSON at all."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat4all.channels.inbound import (
    AddressChanged,
    Contact,
    Echo,
    Happening,
    Inbound,
    InboundEdit,
    InboundReactions,
    InboundUnsend,
    Media,
    StatusReport,
    Unknown,
)
from chat4all.channels.whatsapp.parse import items
from chat4all.domain.message import checked_content
from tests.unit.channels.fixture_table import cases, items_of

CASES = [case for case in cases() if case.channel == "whatsapp"]
ANA = Contact("5511999990001", "Ana", ("BR.7",))
FROM_ANA = {"from": "5511999990001", "id": "wamid.1", "timestamp": "1772998024"}
LISTED = {"profile": {"name": "Ana"}, "wa_id": "5511999990001", "user_id": "BR.7"}


def body(*elements: Any, of: str = "messages", field: str = "messages", **around: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "15550001111", "phone_number_id": "100"}
    value = {"messaging_product": "whatsapp", "metadata": metadata, of: [*elements], **around}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"value": value, "field": field}]}],
    }


def happenings(document: Any) -> list[Happening]:
    return [item.happening for item in items(document)]


def message(**content: Any) -> Happening:
    (found,) = happenings(body(FROM_ANA | content, contacts=[LISTED]))
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}:{case.name}")
def test_every_fixture(case: Any) -> None:
    found = items_of(case)
    assert found
    for item in found:
        assert "unreadable" not in getattr(item.happening, "kind", "")
        if isinstance(item.happening, Inbound) and item.happening.type != "file":
            assert checked_content(item.happening.type, item.happening.content) == item.happening.content


def test_every_item_is_kept_as_a_body_that_reads_alike_and_has_a_name_of_its_own() -> None:
    told = [item for case in CASES for item in items_of(case)]
    for item in told:
        again = [found for found in items(item.raw) if found.name == item.name]
        assert again == [item]
        assert json.loads(json.dumps(item.raw)) == item.raw
    assert all(item.name.isalnum() and len(item.name) <= 128 for item in told)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            {"type": "text", "text": {"body": "Olá"}, "context": {"id": "wamid.0", "from": "1"}},
            Inbound("wamid.1", ANA, "text", "Olá", reply_to="wamid.0"),
        ),
        (
            {"type": "text", "text": {"body": "Olá"}, "group_id": "G1"},
            Inbound("wamid.1", ANA, "text", "Olá", chat="G1"),
        ),
        (
            {"type": "text", "text": {"body": "?"}, "context": {"referred_product": {"catalog_id": "9"}}},
            Inbound("wamid.1", ANA, "text", "?", origin={"referred_product": {"catalog_id": "9"}}),
        ),
        (
            {
                "type": "image",
                "image": {"id": "5", "mime_type": "image/jpeg", "sha256": "A" * 43 + "=", "caption": "x"},
            },
            Inbound(
                "wamid.1",
                ANA,
                "file",
                "x",
                media=Media("image", id="5", content_type="image/jpeg", sha256="00" * 32),
            ),
        ),
        (
            {"type": "audio", "audio": {"id": "5", "mime_type": "audio/ogg; codecs=opus", "voice": True}},
            Inbound("wamid.1", ANA, "file", "", media=Media("voice", id="5", content_type="audio/ogg; codecs=opus")),
        ),
        (
            {"type": "contacts", "contacts": [{"name": {"formatted_name": "Rui"}, "emails": [{"email": "r@x.pt"}]}]},
            Inbound("wamid.1", ANA, "contact", {"name": "Rui", "email": "r@x.pt"}),
        ),
        (
            {"type": "contacts", "contacts": [{"vcard": "BEGIN", "phones": [{"phone": "+1 5"}]}]},
            Inbound("wamid.1", ANA, "contact", {"name": "+1 5", "phone": "+1 5"}, origin={"card": {"vcard": "BEGIN"}}),
        ),
        (
            {"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍🏽"}},
            InboundReactions("wamid.0", ANA, ("👍🏽",), time_ms=1772998024000),
        ),
        ({"type": "revoke", "revoke": {"original_message_id": "wamid.0"}}, InboundUnsend("wamid.0", ANA)),
        (
            {
                "type": "edit",
                "edit": {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "b"}}},
            },
            InboundEdit("wamid.0", ANA, "b", time_ms=1772998024000),
        ),
        (
            {"type": "edit", "edit": {"original_message_id": "wamid.0", "message": {"type": "poll"}}},
            Unknown("edit_poll"),
        ),
        ({"type": "poll", "poll": {}}, Unknown("poll")),
        ({"type": "not a word"}, Unknown("other")),
        ({"type": "text", "text": {}}, Unknown("unreadable_messages")),
        ({"type": "text", "text": {"body": "x"}, "id": "w" * 600}, Unknown("unreadable_messages")),
        ({"type": "image", "image": {"id": 5}}, Unknown("unreadable_messages")),
        ({"type": "contacts", "contacts": [{}]}, Unknown("contacts")),
        (
            {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": "{"}}},
            Unknown("unreadable_messages"),
        ),
    ],
)
def test_messages(content: dict[str, Any], expected: Happening) -> None:
    assert message(**content) == expected


def test_a_contact_without_a_phone_number() -> None:
    told = {"from_user_id": "BR.7", "id": "wamid.1", "type": "text", "text": {"body": "x"}}
    listed = {"profile": {"name": " ", "username": "ana"}, "user_id": "BR.7"}
    (found,) = happenings(body(told, contacts=[{"wa_id": "1"}, listed]))
    assert found == Inbound("wamid.1", Contact("BR.7", "ana"), "text", "x")
    (found,) = happenings(body({"id": "wamid.1", "type": "text", "text": {"body": "x"}}, contacts=[]))
    assert found == Unknown("unreadable_messages")


def test_who_wrote_is_found_among_several() -> None:
    others = [{"wa_id": "1", "profile": {"name": "Eva"}}, LISTED]
    (found,) = happenings(body(FROM_ANA | {"type": "text", "text": {"body": "x"}}, contacts=others))
    assert isinstance(found, Inbound)
    assert found.contact == ANA
    (found,) = happenings(body(FROM_ANA | {"type": "text", "text": {"body": "x"}}, contacts=others[:1] * 2))
    assert isinstance(found, Inbound)
    assert found.contact == Contact("5511999990001", "5511999990001")


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ({"type": "user_changed_number", "wa_id": "552"}, [AddressChanged("551", "552")]),
        ({"type": "customer_changed_number", "new_wa_id": "552"}, [AddressChanged("551", "552")]),
        (
            {"type": "user_changed_number", "wa_id": "552", "user_id": "BR.8", "previous_user_id": "BR.7"},
            [AddressChanged("551", "552"), AddressChanged("BR.7", "BR.8")],
        ),
        ({"type": "user_changed_number", "user_id": "BR.8"}, [AddressChanged("551", "BR.8")]),
        (
            {"type": "user_changed_user_id", "user_id": "BR.8", "previous_user_id": "BR.7"},
            [AddressChanged("551", "BR.8"), AddressChanged("BR.7", "BR.8")],
        ),
        ({"type": "user_changed_number", "wa_id": "551"}, [Unknown("user_changed_number")]),
        ({"type": "customer_identity_changed"}, [Unknown("customer_identity_changed")]),
    ],
)
def test_addresses_change(system: dict[str, Any], expected: list[Happening]) -> None:
    found = items(body({"from": "551", "id": "wamid.1", "type": "system", "system": system}))
    assert [item.happening for item in found] == expected
    assert len({item.name for item in found}) == len(found)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (
            {"recipient_user_id": "BR.7", "biz_opaque_callback_data": "ref"},
            StatusReport("BR.7", "delivered", 1_000, external_id="wamid.1", reference="ref"),
        ),
        ({"recipient_id": "551", "status": "deleted"}, Unknown("status_deleted")),
        ({"recipient_id": "551", "timestamp": "-1"}, Unknown("unreadable_statuses")),
        ({"recipient_id": "551", "timestamp": "9" * 30}, Unknown("unreadable_statuses")),
        ({}, Unknown("unreadable_statuses")),
        (
            {"recipient_id": "551", "status": "failed"},
            StatusReport("551", "failed", 1_000, external_id="wamid.1", reason="failed: WhatsApp does not say why"),
        ),
        (
            {"recipient_id": "551", "status": "failed", "errors": [{"code": 131026, "title": "Undeliverable"}]},
            StatusReport(
                "551", "failed", 1_000, external_id="wamid.1", reason="recipient_gone: Undeliverable (131026)"
            ),
        ),
        (
            {"recipient_id": "551", "status": "failed", "errors": [{"code": 132001, "message": "no template"}]},
            StatusReport(
                "551", "failed", 1_000, external_id="wamid.1", reason="template_refused: no template (132001)"
            ),
        ),
    ],
)
def test_statuses(status: dict[str, Any], expected: Happening) -> None:
    given = {"id": "wamid.1", "status": "delivered", "timestamp": "1", **status}
    assert happenings(body(given, of="statuses")) == [expected]


def test_echoes() -> None:
    echo = {"from": "1", "to_user_id": "BR.7", "id": "wamid.1", "type": "text", "text": {"body": "x"}}
    assert happenings(body(echo, of="message_echoes", field="smb_message_echoes")) == [Echo("wamid.1", "BR.7")]


def test_several_entries_changes_and_messages_in_their_order() -> None:
    texts = [FROM_ANA | {"id": f"wamid.{n}", "type": "text", "text": {"body": str(n)}} for n in range(4)]
    first, second = body(texts[0], {"type": 5}, texts[1]), body(texts[2])
    first["entry"][0]["changes"] += [*second["entry"][0]["changes"], {"field": "flows", "value": {}}, "odd"]
    first["entry"] += [*body(texts[3])["entry"], 7, {"id": "1", "changes": []}]
    found = happenings(first)
    told = [h.content if isinstance(h, Inbound) else getattr(h, "kind", "") for h in found]
    assert told == ["0", "unreadable_messages", "1", "2", "flows", "other", "3", "entry", "entry"]


@pytest.mark.parametrize("document", [None, [], "x", 1.5, {}, {"object": "page", "entry": []}])
def test_bodies_of_others(document: Any) -> None:
    assert happenings(document) == [Unknown("unreadable")]


def test_a_body_without_entries_tells_nothing() -> None:
    assert happenings({"object": "whatsapp_business_account", "entry": []}) == []


def test_deep_and_broken_values() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert [type(found) for found in happenings(body(deep))] == [Unknown]
    assert happenings({"object": "x", "deep": deep}) == [Unknown("unreadable")]
    name = {"wa_id": "5511999990001", "profile": {"name": "\ud800"}}
    (found,) = happenings(body(FROM_ANA | {"type": "text", "text": {"body": "x"}}, contacts=[name]))
    assert isinstance(found, Inbound)
    assert found.contact.name == "?"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
_ONE = (
    "type",
    "id",
    "from",
    "text",
    "body",
    "image",
    "contacts",
    "phones",
    "name",
    "interactive",
    "reaction",
    "system",
)
_TWO = ("edit", "message", "context", "order", "product_items", "status", "errors", "recipient_id", "profile")
WORDS = st.sampled_from([*_ONE, *_TWO])
VALUES = st.recursive(
    JSON | WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5), max_leaves=12
)


@example("messages", {"type": "contacts", "from": "1", "id": "1", "contacts": [None]}, [])
@example("messages", {"type": "edit", "from": "1", "id": "1", "edit": {"original_message_id": "1", "message": []}}, [])
@given(st.sampled_from(["messages", "statuses", "errors", "message_echoes"]), VALUES, VALUES)
def test_never_raises(of: str, element: Any, contacts: Any) -> None:
    for document in (element, body(element, of=of, contacts=contacts), body(of=of, **{of: element})):
        for item in items(document):
            assert item.name
