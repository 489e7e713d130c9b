"""The Bot API as python-telegram-bot's own client sees it."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from telegram import Bot, ReplyParameters
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter

from local.simulators import Simulators
from tests.local.simulators.conftest import TOKEN, NewPhone


async def test_get_me(bot: Bot) -> None:
    assert bot.bot.id == 4242
    assert bot.bot.is_bot


@pytest.mark.parametrize("token", ["4242:short", "abc", f"4242:{'b' * 35}", f"x:{'a' * 35}"])
async def test_wrong_token_is_refused(simulators: Simulators, bot: Bot, token: str) -> None:
    with pytest.raises(InvalidToken):
        async with Bot(token, base_url=f"{simulators.url}/telegram/bot"):
            pass


async def test_unknown_method_answers_as_the_real_server(simulators: Simulators, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{simulators.url}/telegram/bot{TOKEN}/sendCarrierPigeon") as response:
        assert response.status == 404
        assert await response.json() == {
            "ok": False,
            "error_code": 404,
            "description": "Not Found: method not found",
        }


async def test_a_chat_both_ways(bot: Bot, new_phone: NewPhone) -> None:
    phone = await new_phone("Ann", username="ann_the_first")
    question = await phone.says("/start what can you do?")
    update = (await bot.get_updates())[0]
    assert update.message is not None
    assert update.message.text == "/start what can you do?"
    assert update.message.chat_id == phone.id
    assert update.message.from_user is not None
    assert update.message.from_user.username == "ann_the_first"
    assert [(e.type, e.offset, e.length) for e in update.message.entities] == [("bot_command", 0, 6)]

    answer = await bot.send_message(
        phone.id, "Chat 👋🏽", reply_parameters=ReplyParameters(message_id=question["message_id"])
    )
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "/start what can you do?"
    shown = (await phone.messages())[-1]
    assert (shown["from"], shown["text"]) == ("bot", "Chat 👋🏽")
    assert shown["reply_to_message_id"] == question["message_id"]

    await phone.says("Fine", reply_to_message_id=answer.message_id)
    reply = (await bot.get_updates(offset=update.update_id + 1))[0]
    assert reply.update_id == update.update_id + 1
    assert reply.message is not None
    assert reply.message.reply_to_message is not None
    assert reply.message.reply_to_message.message_id == answer.message_id


async def test_location_and_contact(bot: Bot, new_phone: NewPhone) -> None:
    phone = await new_phone()
    await phone.says("hi")
    place = await bot.send_location(phone.id, 52.52, 13.405)
    card = await bot.send_contact(phone.id, "+49301234", "Grace", last_name="Hopper")
    assert place.location is not None
    assert place.location.latitude == 52.52
    assert card.contact is not None
    assert card.contact.last_name == "Hopper"
    assert [set(m) & {"location", "contact"} for m in (await phone.messages())[1:]] == [{"location"}, {"contact"}]


async def test_edit_react_delete_and_typing(bot: Bot, new_phone: NewPhone) -> None:
    phone = await new_phone()
    mine = await phone.says("hi")
    sent = await bot.send_message(phone.id, "frist")
    edited = await bot.edit_message_text("first", phone.id, sent.message_id)
    assert getattr(edited, "text", None) == "first"
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("first", phone.id, sent.message_id)
    await bot.set_message_reaction(phone.id, mine["message_id"], "👍")
    assert (await phone.messages())[0]["reaction"] == "👍"
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(phone.id, mine["message_id"], "X")
    await bot.send_chat_action(phone.id, "typing")
    await bot.delete_message(phone.id, sent.message_id)
    assert (await phone.messages())[1]["deleted"]
    with pytest.raises(BadRequest, match="delete not found"):
        await bot.delete_message(phone.id, sent.message_id)


async def test_what_cannot_be_sent(bot: Bot, new_phone: NewPhone) -> None:
    phone, stranger = await new_phone(), await new_phone("Bob")
    await phone.says("hi")
    for chat_id in (stranger.id, 12345):
        with pytest.raises(BadRequest, match=r"^[Cc]hat not found$"):
            await bot.send_message(chat_id, "buy now")
    with pytest.raises(BadRequest, match="text is empty"):
        await bot.send_message(phone.id, "   ")
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(phone.id, "😀" * 2049)
    assert (await bot.send_message(phone.id, "😀" * 2048)).text == "😀" * 2048
    with pytest.raises(BadRequest, match="to be replied not found"):
        await bot.send_message(phone.id, "re", reply_parameters=ReplyParameters(999))
    assert await bot.send_message(
        phone.id, "re", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True)
    )
    with pytest.raises(BadRequest, match="parse_mode"):
        await bot.send_message(phone.id, "*b*", parse_mode="MarkdownV2")


async def test_block_and_unblock(bot: Bot, new_phone: NewPhone) -> None:
    phone = await new_phone()
    await phone.says("hi")
    assert await phone.call("PUT", f"{phone.chat}/block") == (200, {"blocked": True})
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(phone.id, "still there?")
    await phone.call("DELETE", f"{phone.chat}/block")
    await bot.send_message(phone.id, "back again")
    changes = [u.my_chat_member for u in await bot.get_updates() if u.my_chat_member]
    assert [c.new_chat_member.status for c in changes] == ["kicked", "member"]


async def test_rates(bot: Bot, new_phone: NewPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = await new_phone()
    await phone.says("hi")
    status, answer = await phone.call("PUT", f"{phone.api}/settings", {"rate_limits": True})
    assert (status, answer["rate_limits"]) == (200, True)
    monkeypatch.setenv("PTB_TIMEDELTA", "true")

    async def hurry() -> None:
        for burst in range(30):  # on a slow machine some seconds pass, and as many more may go
            await bot.send_message(phone.id, str(burst))

    with pytest.raises(RetryAfter) as caught:
        await hurry()
    assert len(await phone.messages()) >= 1 + 4
    assert caught.value.retry_after == timedelta(seconds=1)


async def test_polling_and_webhook_exclude_each_other(bot: Bot) -> None:
    await bot.set_webhook("https://example.invalid/hook", secret_token="s-1")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "https://example.invalid/hook"
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"url": "http://example.org/x"}, "HTTPS URL"),
        ({"url": "ftp://example.org"}, "invalid URL"),
        ({"url": "https://example.org", "secret_token": "nö"}, "unallowed"),
    ],
)
async def test_a_webhook_that_telegram_refuses(bot: Bot, arguments: dict[str, str], words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.set_webhook(**arguments)


async def test_all_forms_of_a_request(simulators: Simulators, http: aiohttp.ClientSession, new_phone: NewPhone) -> None:
    phone = await new_phone()
    await phone.says("hi")
    url = f"{simulators.url}/telegram/bot{TOKEN}/sendMessage"
    form = aiohttp.FormData({"chat_id": str(phone.id), "text": "multipart"})
    form.add_field("unused", b"x", filename="x.bin")
    for request in (
        http.get(url, params={"chat_id": phone.id, "text": "query"}),
        http.post(url, data={"chat_id": phone.id, "text": "form"}),
        http.post(url, json={"chat_id": phone.id, "text": "json"}),
        http.post(url, data=form),
    ):
        async with request as response:
            assert response.status == 200, await response.text()
    assert [m["text"] for m in (await phone.messages())[1:]] == ["query", "form", "json", "multipart"]
    async with http.post(url, data=b"{", headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    ("method", "body", "words"),
    [
        ("sendMessage", {"text": "\ud800"}, "UTF-8"),
        ("sendMessage", {"chat_id": 2**80, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": 0, "text": "x"}, "chat not found"),
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 2**80}}, "message_id must be an integer"),
        ("deleteMessages", {"message_ids": [2**80]}, "must be an integer"),
        ("getUpdates", {"offset": 1e300}, "offset must be an integer"),
        ("sendMediaGroup", {"media": [1, None]}, "2 to 10"),
        ("setMessageReaction", {"message_id": 1, "reaction": [{"emoji": {}}]}, "REACTION_INVALID"),
        ("sendLocation", {"latitude": "NaN", "longitude": 0}, "invalid location"),
    ],
)
async def test_hostile_values_are_refused_in_words(
    bot: Bot, new_phone: NewPhone, method: str, body: dict[str, Any], words: str
) -> None:
    phone = await new_phone()
    await phone.says("hi")
    status, answer = await phone.call("POST", f"{bot.base_url}/{method}", {"chat_id": phone.id} | body)
    assert (status, answer["ok"]) == (400, False)
    assert words in answer["description"]
