"""What an endpoint is sent, and what it is sent of what is too large."""

import json
from typing import Any

from chat4all.domain.webhook_ids import delivery_id, first_id
from chat4all.domain.webhook_payload import BYTES_MAX, event_data, payload
from chat4all.ids import is_id, new_id

TIME = "2026-11-21T04:30:00.123Z"
API = "https://hub.example"


def event(seq: int | None, data: dict[str, Any]) -> dict[str, Any]:
    body = {"audience": [], "client_type": "x", "data": data} | ({} if seq is None else {"seq": seq})
    return {"subject": "c", "time": TIME, "data": body}


def test_it_is_what_a_websocket_gets_in_the_form_of_the_standard() -> None:
    data = event_data(event(7, {"message_id": "m", "content": "Olá"}), has_conversation=True)
    text = payload("message.created", TIME, data, API)
    assert json.loads(text) == {
        "type": "message.created",
        "timestamp": TIME,
        "data": {"conversation_id": "c", "seq": 7, "message_id": "m", "content": "Olá"},
    }
    assert "Olá" in text
    assert " " not in text


def test_a_message_keeps_its_own_number_where_the_event_has_that_of_the_change() -> None:
    data = event_data(event(9, {"seq": 7, "revision": 9}), has_conversation=True)
    assert (data["seq"], data["revision"]) == (7, 9)
    assert event_data(event(None, {"a": 1}), has_conversation=False) == {"a": 1}


def test_what_is_too_large_is_a_reference_to_it() -> None:
    data = {"conversation_id": "c", "seq": 7, "message_id": "m", "content": "\x00" * 50_000, "metadata": {"a": 1}}
    small, large = (
        payload("message.created", TIME, data | {"content": "x" * 200_000}, API),
        payload("t", TIME, data, API),
    )
    assert json.loads(small)["data"]["content"]
    assert json.loads(large)["data"] == {
        "conversation_id": "c",
        "seq": 7,
        "message_id": "m",
        "truncated": True,
        "url": f"{API}/v1/messages/m",
    }


def test_the_limit_is_of_bytes_and_holds_at_its_edge() -> None:
    empty = len(payload("t", TIME, {"content": ""}, API).encode())
    fits = payload("t", TIME, {"content": "é" * ((BYTES_MAX - empty) // 2)}, API)
    assert BYTES_MAX - 1 <= len(fits.encode()) <= BYTES_MAX
    assert "truncated" not in fits
    over = json.loads(payload("t", TIME, {"content": "é" * (BYTES_MAX // 2), "conversation_id": "c"}, API))
    assert over["data"] == {"conversation_id": "c", "truncated": True, "url": f"{API}/v1/conversations/c"}


def test_not_even_ids_make_a_reference_large() -> None:
    data = {"conversation_id": "c" * 300_000, "user_id": "u"}
    assert json.loads(payload("t", TIME, data, API))["data"] == {"user_id": "u", "truncated": True}


def test_ids_of_deliveries_are_of_their_event_and_endpoint_and_sort_by_its_time() -> None:
    event_id, hook = new_id(), new_id()
    made = delivery_id(1_800_000_000_123, event_id, hook)
    assert made == delivery_id(1_800_000_000_123, event_id, hook)
    assert is_id(made)
    assert made[14] == "7"
    assert (
        len({made, delivery_id(1_800_000_000_123, event_id, new_id()), delivery_id(1_800_000_000_123, new_id(), hook)})
        == 3
    )
    assert first_id(1_800_000_000_123) < made < first_id(1_800_000_000_124)
    assert first_id(-1) == first_id(0) < first_id(2**60)
