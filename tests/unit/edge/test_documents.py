"""Answers of the HTTP API as messages."""

from typing import Any

import pytest

from edge.documents import UnfitDocument, document_of, fill
from tests.unit.edge.messages import new

ID = "0190e0a0-0000-7000-8000-000000000001"
MESSAGE: dict[str, Any] = {
    "message_id": ID,
    "conversation_id": ID,
    "seq": 2**53 - 1,
    "sender_id": ID,
    "channel": "in_app",
    "type": "location",
    "content": {"latitude": 1.5, "longitude": 2},
    "reactions": {"👍": [ID, "b"]},
    "created_at": "2026-11-22T01:02:03.004Z",
    "metadata": {"deep": [{"n": 1}]},
    "file": {"file_id": ID, "size": 3, "image": {"width": 1, "height": 2}},
}


def test_a_message_comes_back_as_it_went() -> None:
    message = new("Message")
    assert fill(message, MESSAGE) == []
    assert document_of(message) == MESSAGE


def test_null_is_as_if_it_were_not_there() -> None:
    message = new("Conversation")
    assert fill(message, {"id": ID, "title": None, "last_message": None, "metadata": {}, "members": []}) == []
    assert not message.HasField("title")
    assert not message.HasField("last_message")
    assert message.HasField("metadata")


def test_what_the_contract_does_not_know_is_left_out_and_named() -> None:
    message = new("ListMessagesResponse")
    document = {
        "items": [MESSAGE | {"shade": 1, "file": {"file_id": ID, "rings": []}}],
        "next_cursor": None,
        "total": 3,
        "changes": [],
    }
    assert sorted(fill(message, document)) == ["items[].file.rings", "items[].shade", "total"]
    assert message.items[0].file.file_id == ID


def test_free_form_is_not_looked_into() -> None:
    message = new("Account")
    assert (
        fill(message, {"settings": {"anything": {"goes": [1, None]}}, "inbound": {"conversation": "by_contact"}}) == []
    )
    assert document_of(message)["settings"] == {"anything": {"goes": [1, None]}}


def test_maps_of_messages() -> None:
    message = new("GetReadinessResponse")
    unknown = fill(message, {"status": "ready", "dependencies": {"kafka": {"status": "up", "latency_ms": 3, "x": 1}}})
    assert unknown == ["dependencies.*.x"]
    assert document_of(message)["dependencies"] == {"kafka": {"status": "up", "latency_ms": 3}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"seq": "not a number"},
        {"seq": 2**64},
        {"seq": []},
        {"message_id": 3},
        {"created_at": "yesterday"},
        {"file": "a"},
        {"files": {}},
        {"files": [3]},
        {"reactions": []},
        {"reactions": {"👍": 3}},
        {"metadata": "text"},
        {"metadata": {"n": 10**400}},
        {"metadata": {"bad": "\ud800"}},
    ],
)
def test_what_does_not_fit_is_an_error_of_one_kind(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnfitDocument):
        fill(new("Message"), wrong)
