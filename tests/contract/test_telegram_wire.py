"""Telegram's connector and its simulator, which were written apart from one another: every part, action and update."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from aiohttp import web

from chat4all.channels.channel import Target, Unsupported
from chat4all.channels.fates import NotSent, Permanent
from chat4all.channels.inbound import AddressChanged, Inbound, InboundEdit, InboundReactions, Unknown
from chat4all.channels.outgoing import (
    ContactPart,
    EditText,
    LinkPart,
    LocationPart,
    MediaPart,
    Outgoing,
    OutgoingFile,
    React,
    Retract,
    ShowTyping,
    TextPart,
)
from chat4all.channels.telegram import account
from chat4all.channels.telegram.parse import items
from chat4all.channels.telegram.parts import parts_of
from chat4all.channels.telegram.send import Sender
from chat4all.channels.telegram.webhook import is_authentic
from tests.contract.channel_world import running_simulators, until
from tests.contract.telegram_chat import GIF, MP3, MP4, OGG, PNG, WEBP, Chat, Files, picture

SECRET = "s-e_cret"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, dict[str, list[Any]]]]:
    """URLs of the simulators and of webhooks, and what these hear by account."""
    heard: dict[str, list[Any]] = {}

    async def webhook(request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        assert is_authentic({"webhook_secret": SECRET}, headers, body)
        assert not is_authentic({"webhook_secret": "other"}, headers, body)
        found = items(json.loads(body))
        heard[request.match_info["account_id"]].extend(found)
        return web.json_response(next((item.answer for item in found if item.answer), {}))

    folder = tmp_path_factory.mktemp("simulators")
    with running_simulators(folder, "telegram", webhook, first_retry_s=0.01) as (simulators, url):
        yield simulators.url, url, heard


@pytest.fixture(scope="module")
def sending() -> Iterator[tuple[Sender, Files]]:
    files = Files()
    sender = Sender(files)  # type: ignore[arg-type]
    yield sender, files
    sender.close()


@pytest.fixture
def chat(world: Any, sending: tuple[Sender, Files], monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """A chat that the person has begun; what they said then is not in `heard`."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    url, webhook, heard = world
    settings = {"bot_token": f"{uuid.uuid4().int % 10**12 + 1}:{'t' * 35}", "api_base": f"{url}/telegram"}
    stored = account.complete(account.Settings(webhook_secret=SECRET, **settings))
    name = account.key(stored)
    heard[name] = []
    account.register(stored, f"{webhook}/channels/telegram/{name}/webhook")
    person = httpx.post(f"{url}/phones/api/phones", json={"first_name": "Ann"}).json()["id"]
    to = Target("a1", stored, str(person), {}, lambda: 60_000)
    made = Chat(url, to, f"{url}/phones/api/phones/{person}", *sending, heard[name])
    made.says(text="hello")
    made.told(0)
    made.heard.clear()
    yield made
    made.http.close()
    account.unregister(stored)


# --- out


def test_texts_places_and_contacts(chat: Chat) -> None:
    assert chat.send(TextPart("hi <b> 😀"))["text"] == "hi <b> 😀"
    assert chat.send(LocationPart(1.5, 2.5))["location"] == {"latitude": 1.5, "longitude": 2.5}
    venue = chat.send(LocationPart(1.5, 2.5, "Café", "Street 1"))["venue"]
    assert (venue["title"], venue["address"]) == ("Café", "Street 1")
    contact = chat.send(ContactPart("Grace", "+15550001"))["contact"]
    assert (contact["first_name"], contact["phone_number"]) == ("Grace", "+15550001")
    file = OutgoingFile("f1", "video", "tour.mp4", "video/mp4", 10**9)
    assert chat.send(LinkPart(file, "too_large: x"))["text"] == "tour.mp4\nhttps://chat.example/files/f1"


def test_an_answer(chat: Chat) -> None:
    asked = chat.says(text="when?")
    assert chat.send(TextPart("now"), reply_to=str(asked))["reply_to_message_id"] == asked
    assert "reply_to_message_id" not in chat.send(TextPart("now"), reply_to="999999")


@pytest.mark.parametrize(
    ("kind", "name", "content_type", "content", "shown"),
    [
        ("image", "a.png", "image/png", PNG, "photo"),
        ("video", "a.mp4", "video/mp4", MP4, "video"),
        ("audio", "a.mp3", "audio/mpeg", MP3, "audio"),
        ("voice", "a.ogg", "audio/ogg", OGG, "voice"),
        ("animation", "a.gif", "image/gif", GIF, "animation"),
        ("document", 'Élan "1".pdf', "application/pdf", b"%PDF-1.7" + bytes(3_000_000), "document"),
        ("sticker", "a.webp", "image/webp", WEBP, "sticker"),
    ],
)
def test_files(chat: Chat, kind: str, name: str, content_type: str, content: bytes, shown: str) -> None:
    file = chat.files.add(content, kind, name, content_type)
    caption = "" if kind == "sticker" else "look 👀"
    (part,) = parts_of(Outgoing("file", caption, files=(file,)))
    message = chat.send(part)
    assert message["media"]["kind"] == shown
    assert message.get("caption", "") == caption
    if shown == "document":
        assert message["media"]["name"] == "Élan '1'.pdf"
    if shown != "photo":  # becomes a JPEG
        assert chat.bytes_of(message) == content


def test_a_picture_that_is_no_photo_goes_as_a_document(chat: Chat) -> None:
    wide = picture(2100, 100)
    sent = chat.sender.send(
        chat.to, MediaPart(chat.files.add(wide, "image", "a.png", "image/png"), "photo", "look"), None
    )
    assert sent.note is not None
    assert sent.note.startswith("as_document: ")
    message = chat.messages()[-1]
    assert (message["media"]["kind"], message["caption"]) == ("document", "look")
    assert chat.bytes_of(message) == wide


# --- actions


def test_edits(chat: Chat) -> None:
    text = chat.send(TextPart("one"))
    for _ in range(2):  # it may come twice
        chat.sender.act(chat.to, EditText(str(text["message_id"]), "two"))
    file = chat.files.add(PNG, "image", "a.png", "image/png")
    photo = chat.send(MediaPart(file, "photo", "one"))
    chat.sender.act(chat.to, EditText(str(photo["message_id"]), "two", is_caption=True))
    assert [m.get("text") or m.get("caption") for m in chat.messages()[1:]] == ["two", "two"]
    with pytest.raises(Unsupported):
        chat.sender.act(chat.to, EditText(str(photo["message_id"]), "two"))
    with pytest.raises(NotSent) as caught:
        chat.sender.act(chat.to, EditText("999999", "x"))
    assert isinstance(caught.value.fate, Permanent)


def test_unsends(chat: Chat) -> None:
    text = chat.send(TextPart("one"))
    for _ in range(2):
        chat.sender.act(chat.to, Retract(str(text["message_id"])))
    assert [m["message_id"] for m in chat.messages() if m["deleted"]] == [text["message_id"]]
    old = chat.send(TextPart("old"))
    settings = f"{chat.url}/phones/api/settings"
    chat.act("PUT", body={"clock_ahead_s": 49 * 3600}, at=settings)
    try:
        with pytest.raises(Unsupported):
            chat.sender.act(chat.to, Retract(str(old["message_id"])))
    finally:
        chat.act("PUT", body={"clock_ahead_s": 0}, at=settings)


def test_reactions(chat: Chat) -> None:
    theirs = chat.says(text="good news")
    for emoji, shown in (("👍🏽", "👍"), ("❤️", "❤"), ("❤️‍🔥", "❤‍🔥"), ("🤷‍♀️", "🤷‍♀")):
        chat.sender.act(chat.to, React(str(theirs), (emoji,)))
        assert chat.messages()[-1]["reaction"].replace("\ufe0f", "") == shown
    chat.sender.act(chat.to, React(str(theirs), ()))
    assert "reaction" not in chat.messages()[-1]


def test_typing(chat: Chat) -> None:
    chat.sender.act(chat.to, ShowTyping())


# --- in


def test_what_people_say(chat: Chat) -> None:
    first = chat.says(text="see https://example.org 😀")
    chat.says(location={"latitude": 1.5, "longitude": 2})
    chat.says(venue={"location": {"latitude": 1.5, "longitude": 2}, "title": "Café", "address": "Street 1"})
    chat.says(contact={"phone_number": "+1", "first_name": "Grace", "last_name": "Hopper"})
    chat.says(text="again", reply_to_message_id=first)
    place = {"latitude": 1.5, "longitude": 2.0}
    told = [chat.told(number) for number in range(5)]
    assert [(one.type, one.content) for one in told] == [
        ("text", "see https://example.org 😀"),
        ("location", place),
        ("location", place | {"name": "Café", "address": "Street 1"}),
        ("contact", {"name": "Grace Hopper", "phone": "+1"}),
        ("text", "again"),
    ]
    assert told[4].reply_to == told[0].external_id == str(first)
    assert told[0].contact.address == chat.to.address
    assert told[0].contact.name == "Ann"


@pytest.mark.parametrize(
    ("kind", "name", "content", "ours", "content_type"),
    [
        ("photo", "a.png", PNG, "image", "image/jpeg"),
        ("video", "a.mp4", MP4, "video", "video/mp4"),
        ("video_note", "a.mp4", MP4, "video", "video/mp4"),
        ("audio", "a.mp3", MP3, "audio", "audio/mpeg"),
        ("voice", "a.ogg", OGG, "voice", "audio/ogg"),
        ("animation", "a.gif", GIF, "animation", None),
        ("document", "bill 1.pdf", bytes(2_000_000), "document", "application/pdf"),
        ("sticker", "a.webp", WEBP, "sticker", "image/webp"),
    ],
)
def test_what_people_send(
    chat: Chat, kind: str, name: str, content: bytes, ours: str, content_type: str | None
) -> None:
    caption = {} if kind in ("sticker", "video_note") else {"caption": "look"}
    chat.sends(content, kind, name, **caption)
    said = chat.told(0)
    assert isinstance(said, Inbound)
    assert (said.type, said.content, said.media and said.media.kind) == ("file", caption.get("caption", ""), ours)
    assert said.media is not None
    assert content_type in (None, said.media.content_type)
    media = {"id": said.media.id, "content_type": said.media.content_type, "size": said.media.size}
    file = chat.sender.fetch(chat.to, media, 2_000_000)
    read = b"".join(iter(lambda: file.read(50_000), b""))
    file.close()
    assert len(read) == said.media.size == file.size
    if kind != "photo":
        assert read == content
    else:
        assert read.startswith(b"\xff\xd8")
    with pytest.raises(NotSent) as caught:
        chat.sender.fetch(chat.to, media, len(read) - 1)
    assert caught.value.fate.reason.startswith("too_large: ")


def test_a_file_that_is_too_large_for_bots(chat: Chat) -> None:
    chat.sends(bytes(21 * 1024 * 1024), "document", "large.bin")
    media = {"id": chat.told(0).media.id, "size": None}
    with pytest.raises(NotSent) as caught:
        chat.sender.fetch(chat.to, media, 10**9)
    assert caught.value.fate.reason.startswith("too_large: ")


def test_an_album(chat: Chat) -> None:
    uploads = [chat.http.put(f"{chat.phone}/uploads/{n}.png", content=PNG).json()["media_id"] for n in range(3)]
    chat.says(album=[{"media_id": uploaded, "type": "photo"} for uploaded in uploads])
    told = [chat.told(number) for number in range(3)]
    assert len({one.origin["album"] for one in told}) == 1
    assert len({one.external_id for one in told}) == 3


def test_edits_of_people(chat: Chat) -> None:
    text = chat.says(text="one")
    photo = chat.sends(PNG, "photo", "a.png", caption="one")
    chat.act("PATCH", f"/messages/{text}", {"text": "two"})
    chat.act("PATCH", f"/messages/{photo}", {"caption": "two"})
    contact = chat.told(0).contact
    edits = [chat.told(2), chat.told(3)]
    assert [replace(one, time_ms=None, order=0) for one in edits] == [
        InboundEdit(str(text), contact, "two"),
        InboundEdit(str(photo), contact, "two"),
    ]
    assert edits[0].time_ms > 1_700_000_000_000
    assert edits[0].order < edits[1].order


def test_reactions_of_people(chat: Chat) -> None:
    sent = chat.send(TextPart("good news"))["message_id"]
    chat.act("PUT", f"/messages/{sent}/reaction", {"emoji": "❤"})
    chat.act("DELETE", f"/messages/{sent}/reaction")
    told = [chat.told(0), chat.told(1)]
    assert all(isinstance(one, InboundReactions) and one.external_id == str(sent) for one in told)
    assert [one.emojis for one in told] == [("❤️",), ()]


def test_a_pressed_button_is_answered_in_our_200(chat: Chat) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Large", "callback_data": "size:l"}]]}
    asked = chat.http.post(
        f"{chat.to.settings['api_base']}/bot{chat.to.settings['bot_token']}/sendMessage",
        json={"chat_id": chat.to.address, "text": "which?", "reply_markup": keyboard},
    ).json()["result"]["message_id"]
    with chat.http.stream("GET", f"{chat.phone}/events") as events:
        lines = events.iter_lines()
        assert next(lines) == ": open"
        pressed = chat.act("POST", f"/messages/{asked}/press", {"data": "size:l"})["id"]
        assert any(line.startswith("data:") and json.loads(line[5:]).get("id") == pressed for line in lines)
    said = chat.told(0)
    assert (said.content, said.origin, said.reply_to) == ("Large", {"button": {"payload": "size:l"}}, str(asked))
    assert said.external_id == f"callback_query-{pressed}"


def test_blocking(chat: Chat) -> None:
    chat.act("PUT", "/block")
    chat.act("DELETE", "/block")
    assert [chat.told(0), chat.told(1)] == [Unknown("bot_blocked"), Unknown("bot_unblocked")]


def test_groups(chat: Chat) -> None:
    bot_id = int(account.key(chat.to.settings))
    group = chat.act("POST", "/groups", {"title": "Club", "bot_id": bot_id, "administrator": True}, at=chat.phone)
    in_group = f"{chat.phone}/chats/{group['id']}"
    message = chat.act("POST", "/messages", {"text": "hi all"}, at=in_group)
    until(lambda: any(isinstance(item.happening, Inbound) for item in chat.heard), "it is told")
    said = next(item.happening for item in chat.heard if isinstance(item.happening, Inbound))
    assert (said.chat, said.external_id, said.content) == (str(group["id"]), str(message["message_id"]), "hi all")
    assert said.contact.address == chat.to.address
    upgraded = chat.act("POST", f"/groups/{group['id']}/upgrade", {}, at=chat.phone)
    moved = AddressChanged(str(group["id"]), str(upgraded["id"]))
    until(lambda: moved in [item.happening for item in chat.heard], "it is told")
    to = Target("a1", chat.to.settings, str(group["id"]), {}, lambda: 60_000)
    sent = chat.sender.send(to, TextPart("followed"), None)
    assert sent.external_id
    there = chat.act("GET", "/messages", at=f"{chat.phone}/chats/{upgraded['id']}")["items"]
    assert there[-1]["text"] == "followed"
