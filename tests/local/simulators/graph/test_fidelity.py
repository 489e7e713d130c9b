"""What webhooks are told has the shape of the recorded payloads: every key of theirs, and no other but those named here."""

import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.local.simulators.graph.conftest import Hook, Line, Talk

FIXTURES = Path(__file__).parents[4].parent / "shared" / "fixtures" / "providers"
USER = {"user_id": "US.13491208655302741918", "parent_user_id": "US.ENT.11815799212886844830"}
FILE = b"\x89PNG\r\n\x1a\n" + b"0" * 50
# Of the page "Business-scoped user IDs" of 2026, which is younger than most fixtures.
YOUNGER = {"messages[].from_user_id", "statuses[].recipient_user_id"}

pytestmark = pytest.mark.skipif(not FIXTURES.exists(), reason="the recorded payloads are not here")


def recorded(file: str, case: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((FIXTURES / file).read_text())[case]
    return payload


def keys(value: Any, where: str = "") -> Iterator[str]:
    """Every path of keys with the type of what is there."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from keys(part, f"{where}.{name}" if where else name)
    elif isinstance(value, list):
        for part in value:
            yield from keys(part, where + "[]")
    else:
        kind = "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
        yield f"{where}: {kind}"


def same_shape(found: dict[str, Any], wanted: dict[str, Any], *, more: frozenset[str] = frozenset()) -> None:
    def names(payload: dict[str, Any]) -> set[str]:
        return {
            name
            for name in keys(payload)
            if not any(f".{one}:" in name or f".{one}[" in name for one in YOUNGER | more)
        }

    assert names(found) == names(wanted)


Act = Callable[[Line], Awaitable[object]]


async def _media(line: Line, kind: str, mime_type: str, **more: Any) -> object:
    media_id = await line.uploads(FILE, mime_type, "filename.pdf")
    forwarded = {"forwarded": True} if more.pop("forwarded", False) else {}
    return await line.does(media={"media_id": media_id, "type": kind, **more}, **forwarded)


async def _reply(line: Line) -> object:
    sent = await line.sends(line.text())
    return await line.says("replied text", reply_to=sent)


async def _react(line: Line, emoji: str = "😮") -> object:
    sent = await line.sends(line.text())
    return await line.done("PUT", f"{line.chat}/messages/{sent}/reaction", {"emoji": emoji})


async def _unreact(line: Line) -> object:
    sent = await line.sends(line.text())
    await line.done("PUT", f"{line.chat}/messages/{sent}/reaction", {"emoji": "😮"})
    return await line.done("DELETE", f"{line.chat}/messages/{sent}/reaction")


async def _edit_caption(line: Line) -> object:
    media_id = await line.uploads(FILE, "image/jpeg", "a.jpg")
    mine = await line.does(media={"media_id": media_id, "type": "image", "caption": "old"})
    return await line.done("PATCH", f"{line.chat}/messages/{mine['id']}", {"text": "new"})


async def _unsend(line: Line) -> object:
    mine = await line.says("oops")
    return await line.done("DELETE", f"{line.chat}/messages/{mine['id']}")


async def _press(line: Line, kind: str, action: dict[str, Any]) -> object:
    interactive = {"type": kind, "body": {"text": "?"}, "action": action}
    body = {
        "messaging_product": "whatsapp",
        "to": line.person["phone_number"],
        "type": "interactive",
        "interactive": interactive,
    }
    sent = await line.sends(body)
    return await line.done("POST", f"{line.chat}/messages/{sent}/press", {"button": "callback_data"})


_BUTTON = {"buttons": [{"type": "reply", "reply": {"id": "callback_data", "title": "title"}}]}
_ROW = {"id": "callback_data", "title": "title"}


def _list(**more: str) -> dict[str, Any]:
    return {"button": "Pick", "sections": [{"rows": [_ROW | more]}]}


PLACE = {"latitude": 12.25089, "longitude": 43.90539}
HQ = {
    "latitude": 37.46,
    "longitude": -122.21,
    "name": "HQ",
    "address": "1 Hacker Way",
    "url": "https://maps.google.com",
}
CARDS = [{"name": "Chandler Bing", "phone": "+1 555"}, {"name": "Monica", "phone": "+1 666"}]
REFERRAL_KEYS = (
    *("source_url", "source_id", "source_type", "headline", "body", "media_type", "image_url", "video_url"),
    *("thumbnail_url", "ctwa_clid"),
)
REFERRAL = dict.fromkeys(REFERRAL_KEYS, "x")
WHATSAPP: dict[str, tuple[str, str, Act]] = {
    "text": ("message", "text", lambda line: line.says("Body Text")),
    "image": ("message", "image", lambda line: _media(line, "image", "image/jpeg")),
    "video": ("message", "video", lambda line: _media(line, "video", "video/mp4", caption="c", forwarded=True)),
    "document": (
        "message",
        "document",
        lambda line: _media(line, "document", "application/pdf", caption="c", forwarded=True),
    ),
    "audio": ("message", "audio", lambda line: _media(line, "audio", "audio/ogg", forwarded=True)),
    "voice": ("message", "voice", lambda line: _media(line, "audio", "audio/ogg", voice=True)),
    "sticker": ("message", "animated_sticker", lambda line: _media(line, "sticker", "image/webp", animated=True)),
    "reaction": ("message", "reaction", _react),
    "unreaction": ("message", "unreaction_empty", _unreact),
    "location": ("message", "current_location", lambda line: line.does(location=PLACE, forwarded=True)),
    "place": ("message", "chosen_location", lambda line: line.does(location=HQ, forwarded=True)),
    "contacts": ("message", "contacts", lambda line: line.does(contacts=CARDS)),
    "unsupported": ("message", "unsupported", lambda line: line.does(unsupported=True)),
    "reply": ("message", "reply", _reply),
    "forwarded": ("message", "forwarded", lambda line: line.says("x", forwarded=True)),
    "referral": ("message", "referral", lambda line: line.says("x", referral=REFERRAL)),
    "edit": ("edited_message", "image", _edit_caption),
    "unsend": ("deleted_message", "revoke", _unsend),
    "button": ("callback_button", "button", lambda line: _press(line, "button", _BUTTON)),
    "row": ("callback_selection", "callback", lambda line: _press(line, "list", _list())),
    "described row": ("callback_selection", "description", lambda line: _press(line, "list", _list(description="d"))),
}


@pytest.mark.parametrize("case", WHATSAPP)
async def test_whatsapp_messages(whatsapp: Line, hook: Hook, case: str) -> None:
    line = await whatsapp.new_person(name="Test Name", **USER)
    line.person["phone_number"] = "972987654321"
    person = {
        "channel": "whatsapp",
        "name": "Test Name",
        "phone_number": "972987654321",
        "user_id": "US.2",
        "parent_user_id": "US.ENT.2",
    }
    line.person = await line.done("POST", f"{line.phones}/people", person)
    await line.says("hi")
    await hook.having("messages", 2)
    before = len(hook.bodies)
    file, name, act = WHATSAPP[case]
    await act(line)

    def ours() -> list[dict[str, Any]]:
        return [body for body in hook.bodies[before:] if "messages" in body["entry"][0]["changes"][0]["value"]]

    wanted = recorded(f"whatsapp/{file}.json", name)
    last = 2 if case == "unreaction" else 1
    await hook.until(lambda _: len(ours()) >= (2 if case in ("edit", "unsend") else last))
    # The business hears of media by their ids; the URL of the fixture `media_with_url` is an option of 2026.
    same_shape(ours()[-1], wanted, more=frozenset({"image.url"}))


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "played", "failed"])
async def test_whatsapp_statuses(whatsapp: Line, hook: Hook, status: str) -> None:
    person = {"channel": "whatsapp", "name": "Test Name", "phone_number": "972987654321", **USER}
    line = Line(
        whatsapp.http, whatsapp.url, whatsapp.account, await whatsapp.done("POST", f"{whatsapp.phones}/people", person)
    )
    if status != "failed":
        await line.says("hi")
    sent = await line.sends(line.text())
    if status in ("read", "played"):
        await line.done("POST", f"{line.chat}/read")
    if status == "played":
        media = await _voice(line)
        body = {"messaging_product": "whatsapp", "to": "972987654321", "type": "audio", "audio": {"id": media}}
        sent = await line.sends(body)
        await line.done("POST", f"{line.chat}/messages/{sent}/played")

    def ours() -> list[dict[str, Any]]:
        values = [(body, body["entry"][0]["changes"][0]["value"]) for body in hook.bodies]
        return [body for body, value in values if value.get("statuses", [{}])[0].get("status") == status]

    await hook.until(lambda _: bool(ours()))
    wanted = recorded("whatsapp/message_status.json", status)
    more = frozenset({"contacts[].profile.name", "contacts[].wa_id", "contacts[].user_id", "contacts[].parent_user_id"})
    same_shape(ours()[0], wanted, more=more if status == "failed" else frozenset())


async def _voice(line: Line) -> str:
    form = aiohttp.FormData({"messaging_product": "whatsapp", "type": "audio/ogg"})
    form.add_field("file", b"OggS" + b"0" * 50, filename="a.ogg", content_type="audio/ogg")
    headers = {"Authorization": f"Bearer {line.account['access_token']}"}
    url = f"{line.url}/graph/v26.0/{line.account['id']}/media"
    async with line.http.post(url, data=form, headers=headers) as response:
        answer = await response.json()
        assert response.status == 200, answer
        return str(answer["id"])


async def test_a_changed_number(whatsapp: Line, hook: Hook) -> None:
    await whatsapp.done("PATCH", f"{whatsapp.phones}/people/{whatsapp.person['id']}", {"phone_number": "972912345678"})
    await hook.having("messages", 2)
    same_shape(hook.bodies[-1], recorded("whatsapp/system.json", "phone_number_change"))
    system = hook.events()[-1]["messages"][0]["system"]
    assert (system["type"], system["wa_id"]) == ("user_changed_number", "972912345678")


async def test_an_answer_from_the_business_s_own_app(whatsapp: Line, hook: Hook) -> None:
    url = f"{whatsapp.phones}/accounts/{whatsapp.account['id']}/echoes"
    await whatsapp.done("POST", url, {"person": whatsapp.person["id"], "text": "Test message"})
    await hook.having("message_echoes")
    more = frozenset(
        {
            "message_echoes[].to_user_id",
            "message_echoes[].to_parent_user_id",
            "contacts[].user_id",
            "contacts[].parent_user_id",
        }
    )
    same_shape(hook.bodies[-1], recorded("whatsapp/outgoing_message.json", "text"), more=more)


async def _quick_reply(line: Line) -> object:
    quick = {"text": "?", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "yes"}]}
    sent = await line.sends(line.text(message=quick))
    return await line.done("POST", f"{line.chat}/messages/{sent}/press", {"button": "yes"})


async def _postback(line: Line) -> object:
    template = {
        "template_type": "button",
        "text": "?",
        "buttons": [{"type": "postback", "title": "Go", "payload": "go"}],
    }
    sent = await line.sends(line.text(message={"attachment": {"type": "template", "payload": template}}))
    return await line.done("POST", f"{line.chat}/messages/{sent}/press", {"button": "go"})


async def _read(line: Line) -> object:
    await line.sends(line.text())
    return await line.done("POST", f"{line.chat}/read")


def _story_reply(line: Line) -> Awaitable[object]:
    return line.says(
        "Is this available?", story={"id": "17900000000000001", "url": "https://cdn.example.com/story.jpg"}
    )


MESSAGING: list[tuple[str, str, str, Act]] = [
    ("messenger", "firstMessage", "message", lambda line: line.says("What is Vercel?")),
    ("messenger", "deliveryConfirmation", "delivery", lambda line: line.sends(line.text())),
    ("messenger", "readConfirmation", "read", _read),
    ("messenger", "reactionAdded", "reaction", lambda line: _react(line, "❤")),
    ("messenger", "reactionRemoved", "reaction", _unreact),
    ("messenger", "postbackClick", "postback", _postback),
    ("messenger", "imageAttachment", "attachment", lambda line: _media(line, "image", "image/png")),
    ("messenger", "echoMessage", "echo", lambda line: line.sends(line.text())),
    ("instagram", "firstMessage", "message", lambda line: line.says("Do you ship to Córdoba?")),
    ("instagram", "storyReply", "story", _story_reply),
    ("instagram", "reactionAdded", "reaction", lambda line: _react(line, "❤️")),
    ("instagram", "quickReply", "quick", _quick_reply),
    ("instagram", "echoMessage", "echo", lambda line: line.sends(line.text())),
]


@pytest.mark.parametrize(("channel", "case", "kind", "act"), MESSAGING, ids=[f"{one[0]}-{one[1]}" for one in MESSAGING])
async def test_messenger_and_instagram(talk: Talk, hook: Hook, channel: str, case: str, kind: str, act: Act) -> None:
    line = await talk(channel)
    await hook.having("message")
    before = len(hook.bodies)
    await act(line)

    def fits(item: dict[str, Any]) -> bool:
        message = item.get("message", {})
        return {
            "echo": bool(message.get("is_echo")),
            "story": "reply_to" in message,
            "quick": "quick_reply" in message,
            "attachment": "attachments" in message,
            "message": bool(message) and not message.get("is_echo"),
        }.get(kind, kind in item)

    def ours() -> list[dict[str, Any]]:
        return [body for body in hook.bodies[before:] if fits(body["entry"][0]["messaging"][0])]

    await hook.until(lambda _: len(ours()) >= (2 if case == "reactionRemoved" else 1))
    # Messenger's echoes name the app that has sent (message_echoes reference); the recorded one has been cut.
    same_shape(ours()[-1], recorded(f"mixed/{channel}.json", case), more=frozenset({"message.app_id"}))


async def test_instagram_unsends_under_the_same_mid(instagram: Line, hook: Hook) -> None:
    mine = await instagram.says("oops")
    await instagram.done("DELETE", f"{instagram.chat}/messages/{mine['id']}")
    events = await hook.until(lambda events: len(events) == 3)
    assert events[-1]["message"] == {"mid": mine["id"], "is_deleted": True}


async def test_messenger_edits(messenger: Line, hook: Hook) -> None:
    mine = await messenger.says("frist")
    await messenger.done("PATCH", f"{messenger.chat}/messages/{mine['id']}", {"text": "first"})
    assert await hook.having("message_edit") == [{"mid": mine["id"], "text": "first", "num_edit": 1}]
    answers = [
        await messenger.call("PATCH", f"{messenger.chat}/messages/{mine['id']}", {"text": str(n)}) for n in range(5)
    ]
    assert [status for status, _ in answers] == [200, 200, 200, 200, 409]


async def test_a_story_mention_has_a_link_that_anybody_may_fetch(instagram: Line, hook: Hook) -> None:
    media_id = await instagram.uploads(FILE, "image/png", "story.png")
    await instagram.does(story_mention={"media_id": media_id})
    message = (await hook.having("message", 2))[-1]
    (attachment,) = message["attachments"]
    assert attachment["type"] == "story_mention"
    async with instagram.http.get(attachment["payload"]["url"]) as response:
        assert await response.read() == FILE
    async with instagram.http.get(attachment["payload"]["url"] + "0") as response:
        assert response.status == 403
