"""WhatsApp's edge `messages`: what it takes, what it answers, and what it refuses with which code (providers.md)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from local.simulators.buckets import Limit
from local.simulators.graph import whatsapp_send
from tests.local.simulators.graph.conftest import Hook, Line

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


async def test_a_text_is_answered_shown_and_told_as_sent_and_delivered(whatsapp: Line, hook: Hook) -> None:
    body = whatsapp.text("good day", biz_opaque_callback_data="order 7")
    status, answer = await whatsapp.post(body)
    number = whatsapp.person["phone_number"]
    assert status == 200
    assert answer["messaging_product"] == "whatsapp"
    assert answer["contacts"] == [{"input": number, "wa_id": number}]
    message_id = answer["messages"][0]["id"]
    assert message_id.startswith("wamid.")
    sent, delivered = await hook.having("statuses", 2)
    assert [sent["status"], delivered["status"]] == ["sent", "delivered"]
    assert {sent["id"], delivered["id"]} == {message_id}
    assert sent["biz_opaque_callback_data"] == "order 7"
    shown = (await whatsapp.messages())[-1]
    assert (shown["from"], shown["text"], shown["status"]) == ("account", "good day", "delivered")


async def test_reads_and_replies(whatsapp: Line, hook: Hook) -> None:
    mine = (await whatsapp.messages())[0]
    sent = await whatsapp.sends(whatsapp.text("re", context={"message_id": mine["id"]}))
    assert (await whatsapp.messages())[-1]["reply_to"] == mine["id"]
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": mine["id"]}
    assert await whatsapp.post(read | {"typing_indicator": {"type": "text"}}) == (200, {"success": True})
    assert (await whatsapp.messages())[0]["status"] == "read"
    assert await whatsapp.done("POST", f"{whatsapp.chat}/read") == {"read": 1}
    statuses = await hook.having("statuses", 3)
    assert [(one["id"], one["status"]) for one in statuses] == [(sent, "sent"), (sent, "delivered"), (sent, "read")]


async def test_reactions_have_no_status_but_sent(whatsapp: Line, hook: Hook) -> None:
    mine = (await whatsapp.messages())[0]
    for emoji in ("👍", ""):
        await whatsapp.sends(_body(whatsapp, "reaction", {"message_id": mine["id"], "emoji": emoji}))
        assert (await whatsapp.messages())[0]["reactions"] == ({"account": emoji} if emoji else {})
    await whatsapp.done("POST", f"{whatsapp.chat}/read")
    text = await whatsapp.sends(whatsapp.text())
    statuses = await hook.having("statuses", 4)
    assert [one["status"] for one in statuses if one["id"] != text] == ["sent", "sent"]


def _body(line: Line, kind: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": line.person["phone_number"], "type": kind, kind: content, **more}


BUTTONS = [{"type": "reply", "reply": {"id": str(n), "title": f"B{n}"}} for n in range(3)]
ROWS = [{"id": str(n), "title": f"R{n}"} for n in range(11)]


@pytest.mark.parametrize(
    ("kind", "content", "shown"),
    [
        ("location", {"latitude": 52.5, "longitude": 13.4, "name": "Here"}, ("location", None)),
        (
            "contacts",
            [{"name": {"formatted_name": "A B", "first_name": "A"}, "phones": [{"phone": "+1"}]}],
            ("contacts", None),
        ),
        ("interactive", {"type": "button", "body": {"text": "?"}, "action": {"buttons": BUTTONS}}, ("buttons", "?")),
        (
            "interactive",
            {"type": "list", "body": {"text": "?"}, "action": {"button": "Pick", "sections": [{"rows": ROWS[:10]}]}},
            ("buttons", "?"),
        ),
    ],
)
async def test_kinds(whatsapp: Line, kind: str, content: Any, shown: tuple[str, str | None]) -> None:
    await whatsapp.sends(_body(whatsapp, kind, content))
    message = (await whatsapp.messages())[-1]
    assert (message["type"], message.get("text")) == shown


@pytest.mark.parametrize(
    ("kind", "content", "code", "words"),
    [
        ("text", {"body": "x" * 4097}, 100, "at most 4096 characters"),
        ("text", {"body": ""}, 100, "non-empty"),
        ("text", {}, 100, "text['body'] is required"),
        ("text", {"body": 7}, 100, "must be a string"),
        ("text", {"body": "x", "bold": True}, 100, 'Unexpected key "bold" on param "text"'),
        ("image", {"id": "1", "link": "https://x"}, 100, "exactly one of id, link"),
        ("image", {"id": "1", "filename": "x"}, 100, 'Unexpected key "filename" on param "image"'),
        ("image", {"id": "1"}, 131009, "Parameter value is not valid"),
        ("video", {"id": "1", "caption": "x" * 1025}, 100, "at most 1024"),
        ("location", {"latitude": 91, "longitude": 0}, 131009, "not valid"),
        ("location", {"latitude": "here", "longitude": 0}, 100, "must be a number"),
        ("contacts", [{"name": {"formatted_name": "A"}}], 100, "minProperties"),
        ("interactive", {"type": "poll", "body": {"text": "?"}}, 100, "must be one of"),
        (
            "interactive",
            {"type": "button", "body": {"text": "?"}, "action": {"buttons": [*BUTTONS, BUTTONS[0]]}},
            100,
            "at most 3",
        ),
        (
            "interactive",
            {
                "type": "list",
                "body": {"text": "?"},
                "action": {"button": "P", "sections": [{"rows": ROWS[:6]}, {"rows": ROWS[6:]}]},
            },
            131009,
            "not valid",
        ),
        ("reaction", {"message_id": "wamid.none", "emoji": "👍"}, 131009, "not valid"),
        ("reaction", {"message_id": "wamid.none", "emoji": "yes"}, 131009, "not valid"),
        ("template", {"name": "nothing", "language": {"code": "en"}}, 132001, "does not exist"),
        ("poll", {}, 100, "Param type must be one of"),
    ],
)
async def test_refused(whatsapp: Line, kind: str, content: Any, code: int, words: str) -> None:
    error = await whatsapp.refused(_body(whatsapp, kind, content))
    assert error["code"] == code
    assert error["message"].startswith(f"(#{code}) ")
    assert words in error["message"]
    assert error["status"] == (404 if code == 132001 else 400)


async def test_the_envelope(whatsapp: Line) -> None:
    good = whatsapp.text()
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({k: v for k, v in good.items() if k != "messaging_product"}, 100, "messaging_product is required"),
        ({k: v for k, v in good.items() if k != "to"}, 100, "parameter to is required"),
        ({k: v for k, v in good.items() if k != "text"}, 131008, "Required parameter is missing"),
        (good | {"messaging_product": "sms"}, 100, "{WHATSAPP}"),
        (good | {"recipient_type": "group"}, 100, "recipient_type must be one of"),
        (good | {"to": "not a number"}, 131009, "not valid"),
        (good | {"to": whatsapp.account["display_phone_number"]}, 131021, "cannot be sender"),
        (good | {"color": "red"}, 100, 'Unexpected key "color"'),
        (good | {"context": {"message_id": "wamid.none"}}, 131009, "not valid"),
        (good | {"biz_opaque_callback_data": "x" * 513}, 100, "512"),
        ({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.none"}, 131009, "not valid"),
    ]
    for body, code, words in cases:
        error = await whatsapp.refused(body)
        assert (error["code"], words in error["message"]) == (code, True), error
        assert code < 131000 or error["error_data"]["messaging_product"] == "whatsapp"


async def test_the_window_and_who_cannot_be_reached(whatsapp: Line, hook: Hook) -> None:
    stranger = await whatsapp.new_person(name="Bob")
    outside = await whatsapp.sends(stranger.text("buy"))
    nobody = await whatsapp.sends(whatsapp.text(to="4930123456"))
    first, second = await hook.having("statuses", 2)
    assert (first["id"], first["status"], first["errors"][0]["code"]) == (outside, "failed", 131047)
    assert (second["id"], second["errors"][0]["code"], second["recipient_id"]) == (nobody, 131026, "4930123456")
    assert await stranger.messages() == []
    await whatsapp.settings(refusals="answer")
    assert (await whatsapp.refused(stranger.text("buy")))["code"] == 131047
    assert (await whatsapp.refused(whatsapp.text(to="4930123456")))["code"] == 131026
    await whatsapp.settings(window_s=0)
    assert (await whatsapp.refused(whatsapp.text()))["code"] == 131047
    await whatsapp.settings(window_s=86_400)
    await whatsapp.done("PUT", f"{whatsapp.chat}/block")
    assert (await whatsapp.refused(whatsapp.text()))["code"] == 131026


async def test_templates_go_outside_the_window(whatsapp: Line, hook: Hook) -> None:
    url = f"{whatsapp.phones}/accounts/{whatsapp.account['id']}/templates"
    parts = [
        {"type": "BODY", "text": "Hello {{1}}, {{2}} is here"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Thanks"}]},
    ]
    await whatsapp.done("POST", url, {"name": "arrived", "language": "en", "category": "UTILITY", "components": parts})
    stranger = await whatsapp.new_person(name="Bob")

    def filled(*words: str) -> dict[str, Any]:
        parameters = [{"type": "text", "text": word} for word in words]
        template = {
            "name": "arrived",
            "language": {"code": "en"},
            "components": [{"type": "body", "parameters": parameters}],
        }
        return _body(stranger, "template", template)

    assert (await whatsapp.refused(filled("Bob")))["code"] == 132000
    await whatsapp.sends(filled("Bob", "tea"))
    shown = (await stranger.messages())[-1]
    assert shown["text"] == "Hello Bob, tea is here"
    await stranger.done("POST", f"{stranger.chat}/messages/{shown['id']}/press", {"button": "Thanks"})
    pressed = (await hook.having("messages", 2))[-1]
    assert pressed["button"] == {"payload": "Thanks", "text": "Thanks"}
    assert pressed["context"]["id"] == shown["id"]


async def test_rates(whatsapp: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Limit(1 / 6, 45) == whatsapp_send.PAIR
    monkeypatch.setattr(whatsapp_send, "PAIR", Limit(0.001, 3))
    await whatsapp.settings(rate_limits=True)
    for _ in range(3):
        await whatsapp.sends(whatsapp.text())
    error = await whatsapp.refused(whatsapp.text())
    assert (error["code"], error["status"]) == (131056, 429)
    url = f"{whatsapp.phones}/accounts/{whatsapp.account['id']}"
    await whatsapp.done("PATCH", url, {"throughput": 1})
    others = [await whatsapp.new_person(name=f"Bob {n}") for n in range(10)]
    answers = await asyncio.gather(*(whatsapp.post(other.text()) for other in others))
    assert 130429 in {answer.get("error", {}).get("code") for _, answer in answers}


async def test_business_scoped_ids(whatsapp: Line, hook: Hook) -> None:
    user_id = "US.13491208655302741918"
    ghost = await whatsapp.new_person(name="Ghost", user_id=user_id)
    await ghost.says("boo")
    value = (await hook.until(lambda events: len(events) == 2))[1]
    assert value["contacts"] == [{"profile": {"name": "Ghost"}, "user_id": user_id}]
    assert "from" not in value["messages"][0]
    assert value["messages"][0]["from_user_id"] == user_id
    body = {"messaging_product": "whatsapp", "recipient": user_id, "type": "text", "text": {"body": "hello"}}
    status, answer = await whatsapp.post(body)
    assert (status, answer["contacts"]) == (200, [{"input": user_id, "user_id": user_id}])
    sent = (await hook.having("statuses"))[0]
    assert "recipient_id" not in sent
    assert sent["recipient_user_id"] == user_id


async def test_media_by_link_is_fetched_and_checked(
    whatsapp: Line, hook: Hook, files: Callable[[str, bytes], str]
) -> None:
    await whatsapp.sends(_body(whatsapp, "image", {"link": files("image/png", PNG), "caption": "look"}))
    shown = (await whatsapp.messages())[-1]
    assert (shown["type"], shown["caption"], shown["media"]["size"]) == ("image", "look", len(PNG))
    async with whatsapp.http.get(shown["media"]["url"]) as response:
        assert await response.read() == PNG
    big = files("image/png", PNG + b"0" * 5 * 1024 * 1024)
    for link in (files("image/gif", b"GIF89a"), big, files("image/png", b"")[:-4] + "none"):
        await whatsapp.sends(_body(whatsapp, "image", {"link": link}))
    failed = [one for one in await hook.having("statuses", 5) if one["status"] == "failed"]
    assert [one["errors"][0]["code"] for one in failed] == [131053] * 3
    assert len(await whatsapp.messages()) == 2
