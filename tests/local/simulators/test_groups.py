"""Groups: several people and a bot, privacy mode, upgrades."""

from typing import Any

import pytest
from telegram import Bot, ReplyParameters, Update
from telegram.error import ChatMigrated, Forbidden

from local.simulators.telegram.rates import Rates
from tests.local.simulators.conftest import NewPhone, Phone, refused

Group = dict[str, Any]


async def make(bot: Bot, first: Phone, *others: Phone, **more: Any) -> Group:
    body = {"title": "Cyclists", "bot_id": bot.id, "person_ids": [other.id for other in others], **more}
    status, group = await first.call("POST", f"{first.api}/phones/{first.id}/groups", body)
    assert status == 201, group
    return dict(group)


def inside(phone: Phone, group: Group) -> str:
    return f"{phone.api}/phones/{phone.id}/chats/{group['id']}/messages"


async def say(phone: Phone, group: Group, text: str, **more: Any) -> dict[str, Any]:
    status, message = await phone.call("POST", inside(phone, group), {"text": text, **more})
    assert status == 201, message
    return dict(message)


def texts(updates: tuple[Update, ...]) -> list[str]:
    return [update.message.text for update in updates if update.message and update.message.text]


async def test_several_people_and_a_bot(bot: Bot, new_phone: NewPhone) -> None:
    ann, bob = await new_phone(), await new_phone("Bob")
    group = await make(bot, ann, bob, administrator=True)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(bob.id, "we have met")
    await say(bob, group, "hello")
    updates = await bot.get_updates()
    membership = updates[0].my_chat_member
    assert membership is not None
    assert (membership.old_chat_member.status, membership.new_chat_member.status) == ("left", "administrator")
    assert updates[1].message is not None
    assert updates[1].message.group_chat_created
    message = updates[2].message
    assert message is not None
    assert message.from_user is not None
    assert (message.chat.type, message.chat.title, message.from_user.first_name) == ("group", "Cyclists", "Bob")
    answer = await bot.send_message(group["id"], "hi all", reply_parameters=ReplyParameters(message.message_id))
    for phone, side in ((ann, "other"), (bob, "me")):
        _, shown = await phone.call("GET", inside(phone, group))
        assert [(one["from"], one.get("text")) for one in shown["items"]][-2:] == [(side, "hello"), ("bot", "hi all")]
        assert shown["items"][-1]["message_id"] == answer.message_id
    _, chats = await ann.call("GET", f"{ann.api}/phones/{ann.id}/chats")
    assert [(chat["chat"], chat["title"]) for chat in chats["items"]] == [(group["id"], "Cyclists")]


async def test_privacy_mode(bot: Bot, new_phone: NewPhone) -> None:
    ann = await new_phone()
    group = await make(bot, ann)
    said = await bot.send_message(group["id"], "I am here")
    await say(ann, group, "unheard")
    await say(ann, group, "/help me")
    await say(ann, group, "/help@another_bot me")
    await say(ann, group, f"@{bot.username} listen")
    await say(ann, group, "an answer", reply_to_message_id=said.message_id)
    assert texts(await bot.get_updates()) == ["/help me", f"@{bot.username} listen", "an answer"]
    await ann.call("PATCH", f"{ann.api}/bots/{bot.id}", {"privacy": False})
    await say(ann, group, "heard")
    assert texts(await bot.get_updates())[-1] == "heard"


async def test_an_upgrade_names_the_new_chat(bot: Bot, new_phone: NewPhone) -> None:
    ann = await new_phone()
    group = await make(bot, ann, administrator=True)
    status, supergroup = await ann.call("POST", f"{ann.api}/phones/{ann.id}/groups/{group['id']}/upgrade", {})
    assert status == 201
    assert str(supergroup["id"]).startswith("-100")
    old, new = [update.message for update in (await bot.get_updates())[-2:]]
    assert old is not None
    assert new is not None
    assert (old.migrate_to_chat_id, new.migrate_from_chat_id) == (supergroup["id"], group["id"])
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group["id"], "still here?")
    assert caught.value.new_chat_id == supergroup["id"]
    sent = await bot.send_message(supergroup["id"], "here")
    assert (sent.chat.type, sent.message_id) == ("supergroup", 2)
    assert (await ann.call("POST", inside(ann, group), {"text": "x"}))[0] == 409


async def test_people_and_the_bot_come_and_go(bot: Bot, new_phone: NewPhone) -> None:
    ann, bob = await new_phone(), await new_phone("Bob")
    group = await make(bot, ann, type="supergroup")
    path = f"{ann.api}/phones/{ann.id}/groups/{group['id']}"
    await ann.call("PUT", f"{path}/members/{bob.id}")
    await ann.call("DELETE", f"{path}/members/{bob.id}")
    assert (await bob.call("GET", inside(bob, group)))[0] == 404
    await ann.call("PATCH", path, {"title": "Walkers"})
    said = await say(ann, group, "pin me")
    await ann.call("POST", f"{path}/pin", {"message_id": said["message_id"]})
    messages = [update.message for update in await bot.get_updates() if update.message]
    kinds = ("new_chat_members", "left_chat_member", "new_chat_title", "pinned_message")
    assert [next(kind for kind in kinds if getattr(m, kind)) for m in messages[-4:]] == list(kinds)
    await ann.call("PUT", f"{path}/bot", {"status": "kicked"})
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group["id"], "x")
    await ann.call("PUT", f"{path}/bot", {"status": "administrator"})
    await bot.send_message(group["id"], "back")
    assert await bot.leave_chat(group["id"])
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(group["id"], "x")


async def test_only_an_administrator_deletes_and_sees_reactions(bot: Bot, new_phone: NewPhone) -> None:
    ann = await new_phone()
    group = await make(bot, ann)
    await bot.get_updates(allowed_updates=["message", "message_reaction"])
    said = await say(ann, group, "mine")
    path = f"{inside(ann, group)}/{said['message_id']}/reaction"
    await ann.call("PUT", path, {"emoji": "👍"})
    with refused("Message can't be deleted"):
        await bot.delete_message(group["id"], said["message_id"])
    assert not any(update.message_reaction for update in await bot.get_updates())
    await ann.call("PUT", f"{ann.api}/phones/{ann.id}/groups/{group['id']}/bot", {"status": "administrator"})
    await ann.call("PUT", path, {"emoji": "🔥"})
    assert (await bot.get_updates())[-1].message_reaction is not None
    assert await bot.delete_message(group["id"], said["message_id"])


def test_twenty_messages_a_minute() -> None:
    now = [0.0]
    rates = Rates(lambda: now[0])
    assert [rates.take(42, -4) for _ in range(21)] == [0] * 20 + [3]
    assert rates.take(42, -5) == 0, "another group"
    now[0] = 3.0
    assert (rates.take(42, -4), rates.take(42, -4)) == (0, 3)
    assert rates.take(42, 7, messages=10) == 0, "an album goes"
    assert rates.take(42, 7) == 7, "and is paid for afterwards"
