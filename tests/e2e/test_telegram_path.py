"""A member who is only on Telegram: both ways over the Bot API's wire protocol, in one ordered conversation."""

import httpx

from tests.e2e.conftest import Join
from tests.e2e.people import ok
from tests.e2e.phones import phone, shop


async def test_a_guest_writes_and_is_answered_in_one_ordered_conversation(
    join: Join, console: httpx.AsyncClient
) -> None:
    ana = await join("ana")
    carla = await phone(console, await shop(console, ana))
    async with ana.online() as socket:
        await carla.write("Do you have bread?")
        asked = await socket.event("message.created", content="Do you have bread?")
        assert asked["data"]["channel"] == "telegram"
        assert asked["data"]["sender_id"] != ana.id
        conversation = asked["conversation_id"]

        answered = await ana.send(conversation, "Yes, fresh 🥖")
        received = await carla.receives("Yes, fresh 🥖")
        status = await ana.status_becomes(answered["message_id"], "sent")
        (recipient,) = status["recipients"]
        assert recipient["channel"] == "telegram"
        assert recipient["deliveries"][0]["external_id"] == str(received["message_id"])
        await socket.event("message.status", message_id=answered["message_id"], status="sent", channel="telegram")

        await carla.write("Two, please", reply_to_message_id=received["message_id"])
        reply = await socket.event("message.created", content="Two, please")
        assert reply["conversation_id"] == conversation
        assert reply["data"]["reply_to"] == answered["message_id"]
    history = await ana.history(conversation, after_seq=0)
    assert [m["content"] for m in history["items"]] == ["Do you have bread?", "Yes, fresh 🥖", "Two, please"]
    assert history["complete_through"] == 3
    assert [m["status"] for m in history["items"]][1] == "sent"


async def test_a_guest_joins_the_conversation_that_the_account_names(join: Join, console: httpx.AsyncClient) -> None:
    ana, bob, eve = await join("ana"), await join("bob"), await join("eve")
    group = await ana.conversation(bob, eve)
    carla = await phone(console, await shop(console, ana, group))
    async with ana.online() as ana_socket, bob.online() as bob_socket:
        await carla.write("hello, all")
        for socket in (ana_socket, bob_socket):
            assert (await socket.event("message.created", content="hello, all"))["conversation_id"] == group
        await bob.send(group, "hello, Carla")
        await carla.receives("bob: hello, Carla")


async def test_ten_messages_each_way_keep_their_order(join: Join, console: httpx.AsyncClient) -> None:
    ana = await join("ana")
    ok(await console.put("/phones/api/settings", json={"rate_limits": False}), 200)
    carla = await phone(console, await shop(console, ana))
    async with ana.online() as socket:
        for number in range(10):
            await carla.write(f"in {number}")
        await socket.event("message.created", content="in 9")
        seen = [f["data"]["content"] for f in socket.frames if f["type"] == "message.created"]
        assert seen == [f"in {number}" for number in range(10)]
        conversation = next(f["conversation_id"] for f in socket.frames if f["type"] == "message.created")
        for number in range(10):
            await ana.send(conversation, f"out {number}")
        await carla.receives("out 9")
    said = [m["text"] for m in await carla.messages() if m["from"] == "bot"]
    assert said == [f"out {number}" for number in range(10)]


async def test_edits_reactions_and_unsends_go_both_ways(join: Join, console: httpx.AsyncClient) -> None:
    ana = await join("ana")
    carla = await phone(console, await shop(console, ana))
    async with ana.online() as socket:
        written = await carla.write("Do you have bred?")
        asked = (await socket.event("message.created", content="Do you have bred?"))["data"]
        said = f"{carla.chat}/messages/{written['message_id']}"
        ok(await console.patch(said, json={"text": "Do you have bread?"}), 200)
        await socket.event("message.updated", message_id=asked["message_id"], content="Do you have bread?")

        answered = await ana.send(asked["conversation_id"], "Yess")
        shown = f"{carla.chat}/messages/{(await carla.receives('Yess'))['message_id']}"
        ok(await console.put(f"{shown}/reaction", json={"emoji": "❤"}), 200)
        loved = {"❤️": [asked["sender_id"]]}
        await socket.event("reaction.updated", message_id=answered["message_id"], reactions=loved)
        ok(await console.delete(f"{shown}/reaction"), 200)
        await socket.event("reaction.updated", message_id=answered["message_id"], reactions={})

        ours = f"/v1/messages/{answered['message_id']}"
        ok(await ana.http.patch(ours, json={"content": "Yes"}), 200)
        edited = await carla.receives("Yes")
        assert edited["message_id"] == int(shown.rpartition("/")[2])
        thumb = f"/v1/messages/{asked['message_id']}/reactions/👍"
        assert (await ana.http.put(thumb)).is_success
        await carla.sees(lambda messages: messages[0].get("reaction") == "👍")
        assert (await ana.http.delete(thumb)).is_success
        await carla.sees(lambda messages: "reaction" not in messages[0])
        assert (await ana.http.delete(ours)).is_success
        await carla.sees(lambda messages: bool(messages[1]["deleted"]))
    assert [m.get("text") for m in await carla.messages()] == ["Do you have bread?", None], "and nothing else was said"


async def test_who_blocked_the_bot_is_reported_as_failed(join: Join, console: httpx.AsyncClient) -> None:
    ana = await join("ana")
    carla = await phone(console, await shop(console, ana))
    async with ana.online() as socket:
        await carla.write("hi")
        conversation = (await socket.event("message.created", content="hi"))["conversation_id"]
    ok(await console.put(f"{carla.chat}/block"), 200)
    sent = await ana.send(conversation, "are you there?")
    failed = await ana.status_becomes(sent["message_id"], "failed")
    assert "block" in failed["recipients"][0]["deliveries"][0]["reason"]


async def test_webhooks_that_are_not_telegrams_write_nothing(join: Join, console: httpx.AsyncClient) -> None:
    ana = await join("ana")
    bot = await shop(console, ana)
    path = f"/channels/telegram/{bot['account']['id']}/webhook"
    update = {
        "update_id": 1,
        "message": {"message_id": 1, "date": 1, "text": "x", "chat": {"id": 5, "type": "private"}},
    }
    assert (await ana.http.post(path, json=update)).status_code == 404
    wrong = {"x-telegram-bot-api-secret-token": "guess"}
    assert (await ana.http.post(path, json=update, headers=wrong)).status_code == 404
    nobody = "/channels/telegram/01939d5a-0000-7000-8000-0000000000a1/webhook"
    assert (await ana.http.post(nobody, json=update, headers=wrong)).status_code == 404
    assert (await ana.http.get("/v1/conversations")).json()["items"] == []


async def test_accounts_belong_to_their_owner_and_keep_their_secrets(join: Join, console: httpx.AsyncClient) -> None:
    ana, eve = await join("ana"), await join("eve")
    bot = await shop(console, ana)
    path = f"/v1/accounts/{bot['account']['id']}"
    assert bot["token"] not in (await ana.http.get(path)).text
    for answer in (
        await eve.http.get(path),
        await eve.http.patch(path, json={"name": "x"}),
        await eve.http.delete(path),
    ):
        assert answer.status_code == 404
    refused = {
        "channel": "telegram",
        "name": "Shop",
        "settings": {"bot_token": bot["token"], "api_base": "http://127.0.0.1:1/telegram"},
    }
    answer = await ana.http.post("/v1/accounts", json=refused)
    assert (answer.status_code, answer.json()["code"]) == (400, "host_not_allowed")
