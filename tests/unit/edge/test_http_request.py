"""Calls as requests of the HTTP API."""

import json
import math
from typing import Any

import pytest

from edge.documents import UnfitMessage
from edge.http_request import http_request
from tests.unit.edge.messages import new, rule

ID = "0190e0a0-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("method", "fields", "expected"),
    [
        ("GetMe", {}, "GET /v1/users/me"),
        ("GetUser", {"user_id": ID}, f"GET /v1/users/{ID}"),
        ("GetUser", {"user_id": "a/b?c#d"}, "GET /v1/users/a%2Fb%3Fc%23d"),
        ("AddReaction", {"message_id": ID, "emoji": "👍🏽"}, f"PUT /v1/messages/{ID}/reactions/%F0%9F%91%8D%F0%9F%8F%BD"),
        ("ListConversations", {"limit": 3, "cursor": "a+b="}, "GET /v1/conversations?limit=3&cursor=a%2Bb%3D"),
        ("ListMessages", {"conversation_id": ID, "after_seq": 0}, f"GET /v1/conversations/{ID}/messages?after_seq=0"),
        ("FindUsers", {"username": "ana b"}, "GET /v1/users?username=ana%20b"),
        ("RemoveMember", {"conversation_id": ID, "user_id": ID}, f"DELETE /v1/conversations/{ID}/members/{ID}"),
        ("UnlinkIdentity", {"channel": "telegram", "address": "@a"}, "DELETE /v1/users/me/identities/telegram?address=%40a"),
    ],
)  # fmt: skip
def test_path_and_query(method: str, fields: dict[str, Any], expected: str) -> None:
    request = http_request(rule(method), new(f"{method}Request", **fields))
    assert f"{request.method} {request.target}" == expected
    assert request.body is None


@pytest.mark.parametrize(
    ("method", "fields", "body"),
    [
        ("SignIn", {"username": "ana", "password": "pässword"}, {"username": "ana", "password": "pässword"}),
        ("RecordReceipt", {"conversation_id": ID, "read_seq": 0}, {"read_seq": 0}),
        ("RecordReceipt", {"conversation_id": ID, "read_seq": 2**53 - 1}, {"read_seq": 2**53 - 1}),
        ("SendTyping", {"conversation_id": ID}, {}),
        ("SendTyping", {"conversation_id": ID, "stopped": False}, {"stopped": False}),
        ("CreateConversation", {"type": "private", "member_ids": [ID]}, {"type": "private", "member_ids": [ID]}),
        ("CreateConversation", {"metadata": {"n": 1, "x": 1.5, "l": [None, True], "o": {"a": "b"}}},
         {"metadata": {"n": 1, "x": 1.5, "l": [None, True], "o": {"a": "b"}}}),
        ("SignUploadParts", {"file_id": ID, "numbers": [1, 2], "sha256": {"1": "ab"}},
         {"numbers": [1, 2], "sha256": {"1": "ab"}}),
    ],
)  # fmt: skip
def test_body(method: str, fields: dict[str, Any], body: dict[str, Any]) -> None:
    request = http_request(rule(method), new(f"{method}Request", **fields))
    assert request.content_type == "application/json"
    assert json.loads(request.body or b"") == body


def test_content_is_whatever_json_is() -> None:
    message = new("SendMessageRequest", conversation_id=ID, type="text")
    message.content.string_value = "héllo \u2028"
    assert json.loads(http_request(rule("SendMessage"), message).body or b"")["content"] == "héllo \u2028"
    message.content.struct_value.update({"latitude": 1.5, "longitude": -2})
    assert json.loads(http_request(rule("SendMessage"), message).body or b"")["content"] == {
        "latitude": 1.5,
        "longitude": -2,
    }
    message.content.null_value = 0
    assert json.loads(http_request(rule("SendMessage"), message).body or b"")["content"] is None


def test_times_are_rfc_3339() -> None:
    message = new("ReplayWebhookDeliveriesRequest", webhook_id=ID)
    getattr(message, "from").FromJsonString("2026-11-22T01:02:03.5Z")
    assert json.loads(http_request(rule("ReplayWebhookDeliveries"), message).body or b"") == {
        "from": "2026-11-22T01:02:03.500Z"
    }
    getattr(message, "from").seconds = 10**15
    with pytest.raises(UnfitMessage, match=r"^from: "):
        http_request(rule("ReplayWebhookDeliveries"), message)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_has_not(number: float) -> None:
    message = new("SendMessageRequest")
    message.content.list_value.extend([1, {"a": number}])
    with pytest.raises(UnfitMessage) as caught:
        http_request(rule("SendMessage"), message)
    assert caught.value.field == "content[1].a"


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_step_of_a_path_is_never_another_step(value: str) -> None:
    with pytest.raises(UnfitMessage) as caught:
        http_request(rule("GetUser"), new("GetUserRequest", user_id=value))
    assert caught.value.field == "user_id"


def test_an_update_mask_says_what_is_changed_and_what_is_removed() -> None:
    message = new("UpdateConversationRequest", conversation_id=ID, title="new", metadata={"a": 1})
    assert json.loads(http_request(rule("UpdateConversation"), message).body or b"") == {
        "title": "new",
        "metadata": {"a": 1},
    }
    message.update_mask.paths.append("metadata")
    request = http_request(rule("UpdateConversation"), message)
    assert request.target == f"/v1/conversations/{ID}"
    assert json.loads(request.body or b"") == {"metadata": {"a": 1}}
    message.ClearField("metadata")
    message.update_mask.paths.append("title")
    assert json.loads(http_request(rule("UpdateConversation"), message).body or b"") == {
        "metadata": None,
        "title": "new",
    }
    webhook = new("UpdateWebhookRequest", webhook_id=ID)
    webhook.update_mask.paths.append("events")
    assert json.loads(http_request(rule("UpdateWebhook"), webhook).body or b"") == {"events": []}


@pytest.mark.parametrize("path", ["nothing", "update_mask", "metadata.a", "*", ""])
def test_an_update_mask_names_fields_only(path: str) -> None:
    message = new("UpdateConversationRequest", conversation_id=ID)
    message.update_mask.paths.append(path)
    with pytest.raises(UnfitMessage) as caught:
        http_request(rule("UpdateConversation"), message)
    assert caught.value.field == "update_mask"


def test_a_form() -> None:
    request = http_request(rule("CreateToken"), new("CreateTokenRequest", username="a b", password="ä&="))
    assert (request.content_type, request.body) == (
        "application/x-www-form-urlencoded",
        b"username=a+b&password=%C3%A4%26%3D",
    )


def test_a_file_goes_as_multipart() -> None:
    from chat4all.http.file_form import file_form

    message = new("UploadFileRequest", file=b"\x00\xff", filename='a"b.bin', content_type="image/png", kind="image")
    request = http_request(rule("UploadFile"), message)
    form = file_form(request.content_type, request.body or b"")
    assert (form.body, form.content_type, form.fields) == (b"\x00\xff", "image/png", {"kind": "image"})
    assert form.filename is not None
    assert form.filename.startswith("a")
