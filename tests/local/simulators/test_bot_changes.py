"""Edits, deletions, reactions, buttons, forwards, venues: as python-telegram-bot's own client does and sees them."""

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
)

from tests.local.simulators.conftest import NewPhone, Phone, refused
from tests.local.simulators.test_media import PDF

DAY_S = 24 * 3600


@pytest.fixture
async def phone(new_phone: NewPhone) -> Phone:
    phone = await new_phone()
    await phone.says("hi")
    return phone


async def test_captions_and_texts_are_edited(bot: Bot, phone: Phone) -> None:
    text = await bot.send_message(phone.id, "one")
    file = await bot.send_document(phone.id, PDF, caption="one")
    edited = await bot.edit_message_caption(phone.id, file.message_id, caption="two")
    assert (getattr(edited, "caption", None), getattr(edited, "document", None) is not None) == ("two", True)
    for act, words in (
        (bot.edit_message_text("two", phone.id, file.message_id), "no text in the message to edit"),
        (bot.edit_message_caption(phone.id, text.message_id, caption="x"), "no caption in the message to edit"),
        (bot.edit_message_text("one", phone.id, text.message_id), "message is not modified"),
        (bot.edit_message_caption(phone.id, file.message_id, caption="x" * 1025), "caption is too long"),
        (bot.edit_message_text("x", phone.id, 999), "message to edit not found"),
        (bot.edit_message_text("x", phone.id, 1), "message can't be edited"),
    ):
        with refused(words):
            await act


async def test_a_message_is_deleted_within_48_hours(bot: Bot, phone: Phone) -> None:
    young, old = await bot.send_message(phone.id, "young"), await bot.send_message(phone.id, "old")
    assert await bot.delete_message(phone.id, young.message_id)
    assert (await phone.messages())[-2]["deleted"]
    await phone.call("PUT", f"{phone.api}/settings", {"clock_ahead_s": 2 * DAY_S + 60})
    with refused("Message can't be deleted for everyone"):
        await bot.delete_message(phone.id, old.message_id)
    with refused("to delete not found"):
        await bot.delete_message(phone.id, young.message_id)


async def test_reactions_both_ways(bot: Bot, phone: Phone) -> None:
    said = await phone.says("nice?")
    await bot.set_message_reaction(phone.id, said["message_id"], "👍")
    for emoji in ("🍕", "not an emoji"):
        with refused("reaction_invalid"):
            await bot.set_message_reaction(phone.id, said["message_id"], emoji)
    with refused("reactions_too_many"):
        await bot.set_message_reaction(phone.id, said["message_id"], ["👍", "❤"])
    path = f"{phone.chat}/messages/{said['message_id']}/reaction"
    await phone.call("PUT", path, {"emoji": "🔥"})
    assert not [update for update in await bot.get_updates() if update.message_reaction], "nobody asked for them"
    await bot.get_updates(allowed_updates=["message", "message_reaction"])
    await phone.call("PUT", path, {"emoji": "❤"})
    _, shown = await phone.call("DELETE", path)
    assert [one["emoji"] for one in shown["reactions"]] == ["👍"]
    changes = [update.message_reaction for update in await bot.get_updates() if update.message_reaction]
    assert [(change.old_reaction, change.new_reaction) for change in changes] == [
        ((ReactionTypeEmoji("🔥"),), (ReactionTypeEmoji("❤"),)),
        ((ReactionTypeEmoji("❤"),), ()),
    ]
    assert changes[0].user is not None
    assert (changes[0].message_id, changes[0].user.id) == (said["message_id"], phone.id)
    status, answer = await phone.call("PUT", path, {"emoji": "🍕"})
    assert (status, "emoji" in answer["error"]) == (400, True)


async def test_a_button_is_pressed_and_answered_once(bot: Bot, phone: Phone) -> None:
    markup = InlineKeyboardMarkup(
        [[InlineKeyboardButton("Yes", callback_data="y"), InlineKeyboardButton("Look", "https://x.y")]]
    )
    sent = await bot.send_message(phone.id, "Sure?", reply_markup=markup)
    assert (await phone.messages())[-1]["buttons"][0][0] == {"text": "Yes", "data": "y", "url": None}
    path = f"{phone.chat}/messages/{sent.message_id}/press"
    assert (await phone.call("POST", path, {"data": "z"}))[0] == 400
    assert (await phone.call("POST", path, {"data": "y"}))[0] == 201
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert (query.data, query.from_user.id, query.message and query.message.message_id) == (
        "y",
        phone.id,
        sent.message_id,
    )
    with refused("message_too_long"):
        await bot.answer_callback_query(query.id, "x" * 201)
    assert await bot.answer_callback_query(query.id, "Thank you")
    with refused("query is too old"):
        await bot.answer_callback_query(query.id)
    await bot.edit_message_text("Done", phone.id, sent.message_id)
    assert "buttons" not in (await phone.messages())[-1]


async def test_keyboards_that_telegram_refuses(bot: Bot, phone: Phone) -> None:
    for markup, words in (
        ([[{"text": "x", "callback_data": "y" * 65}]], "button_data_invalid"),
        ([[{"text": "x"}]], "text buttons are unallowed"),
        ([[{"text": "", "callback_data": "y"}]], "must be of type string"),
        ([{"text": "x"}], "array of arrays"),
    ):
        with refused(words):
            await bot.send_message(phone.id, "?", api_kwargs={"reply_markup": {"inline_keyboard": markup}})
    await bot.send_message(phone.id, "?", reply_markup=ReplyKeyboardMarkup([["A", "B"]]))
    assert (await phone.messages())[-1]["answers"] == [["A", "B"]]


async def test_venues_entities_and_forwards(bot: Bot, phone: Phone) -> None:
    venue = await bot.send_venue(phone.id, 52.5, 13.4, "Café", "Main Street 1")
    assert venue.venue is not None
    assert (venue.venue.title, venue.location and venue.location.latitude) == ("Café", 52.5)
    await phone.call(
        "POST",
        f"{phone.chat}/messages",
        {"venue": {"location": {"latitude": 1, "longitude": 2}, "title": "T", "address": "A"}},
    )
    bold = await bot.send_message(phone.id, "Ann: hello", entities=[MessageEntity("bold", 0, 4)])
    assert [(entity.type, entity.length) for entity in bold.entities] == [("bold", 4)]
    with refused("after the end"):
        await bot.send_message(phone.id, "Ann", entities=[MessageEntity("bold", 0, 4)])
    forwarded = await bot.forward_message(phone.id, phone.id, 1)
    assert forwarded.forward_origin is not None
    assert forwarded.text == "hi"
    assert (await bot.copy_message(phone.id, phone.id, 1)).message_id == forwarded.message_id + 1
    status, _ = await phone.call(
        "POST", f"{phone.chat}/messages", {"forward": {"chat": bot.id, "message_id": bold.message_id}}
    )
    update = (await bot.get_updates())[-1].message
    assert status == 201
    assert update is not None
    assert (update.text, getattr(update.forward_origin, "sender_user", None) and update.forward_origin) != (None, None)


async def test_a_person_unsends_and_telegram_tells_nobody(bot: Bot, phone: Phone) -> None:
    said = await phone.says("oops")
    before = len(await bot.get_updates())
    status, shown = await phone.call("DELETE", f"{phone.chat}/messages/{said['message_id']}")
    assert (status, shown["deleted"]) == (200, True)
    assert len(await bot.get_updates()) == before
    assert (await phone.call("DELETE", f"{phone.chat}/messages/{said['message_id']}"))[0] == 404
