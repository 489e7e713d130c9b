"""A message through the whole system, on real engines."""

import asyncio
import uuid

from tests.e2e.conftest import Join


async def test_a_message_reaches_the_other_user_and_its_receipts_come_back(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob, title="Lunch")
    async with ana.online() as ana_socket, bob.online() as bob_socket:
        accepted = await ana.send(conversation, "Olá! 👋 <b>no html</b>")
        assert accepted["status"] == "accepted"
        assert accepted["seq"] == 1
        event = await bob_socket.event("message.created", message_id=accepted["message_id"])
        assert event["conversation_id"] == conversation
        assert event["seq"] == 1
        assert event["data"]["content"] == "Olá! 👋 <b>no html</b>"
        assert event["data"]["sender_id"] == ana.id
        await ana_socket.event("message.created", message_id=accepted["message_id"])
        assert (await ana.status_becomes(accepted["message_id"], "sent"))["recipients"][0]["user_id"] == bob.id

        delivered = await bob_socket.request("receipt", conversation_id=conversation, delivered_seq=1)
        marks = {"delivered_seq": 1, "read_seq": 0}
        assert delivered["data"] == {"conversation_id": conversation, "user_id": bob.id, **marks}
        await ana_socket.event("receipt.updated", user_id=bob.id, delivered_seq=1, read_seq=0)
        assert (await ana.status(accepted["message_id"]))["status"] == "delivered"

        answer = await bob.http.post(f"/v1/conversations/{conversation}/receipts", json={"read_seq": 1})
        assert answer.json()["read_seq"] == 1
        await ana_socket.event("receipt.updated", user_id=bob.id, read_seq=1)
        assert (await ana.status(accepted["message_id"]))["status"] == "read"
    (message,) = (await ana.history(conversation))["items"]
    assert message["status"] == "read"
    assert message["channel"] == "in_app"


async def test_sends_over_the_websocket_are_answered_on_it(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    async with ana.online() as ana_socket, bob.online() as bob_socket:
        ack = await ana_socket.request("send", conversation_id=conversation, type="text", content="by socket")
        assert ack["type"] == "ack"
        assert ack["data"]["seq"] == 1
        await bob_socket.event("message.created", content="by socket")
        assert (await ana_socket.request("heartbeat"))["type"] == "ack"


async def test_a_repeated_send_is_one_message(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    message_id = str(uuid.uuid4())
    answers = await asyncio.gather(*(ana.send(conversation, "once", message_id=message_id) for _ in range(5)))
    assert len({(a["message_id"], a["seq"], a["created_at"]) for a in answers}) == 1
    again = await ana.http.post(
        "/v1/messages",
        json={"conversation_id": conversation, "type": "text", "content": "other", "message_id": message_id},
    )
    assert (again.status_code, again.json()["code"]) == (409, "message_id_reused")
    history = await bob.history(conversation)
    assert [m["content"] for m in history["items"]] == ["once"]
    # The numbers that lost the race are void: the next message follows, and nothing waits for them.
    async with bob.online() as socket:
        await ana.send(conversation, "next")
        await socket.event("message.created", content="next")
    page = await bob.history(conversation, after_seq=0)
    assert page["complete_through"] == page["items"][-1]["seq"]


async def test_an_idempotency_key_stands_for_the_message_id(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    body = {"conversation_id": conversation, "type": "text", "content": "once"}
    answers = [await ana.http.post("/v1/messages", json=body, headers={"idempotency-key": "order 7"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()


async def test_history_by_cursor_offset_and_seq(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    for number in range(1, 8):
        await (ana if number % 2 else bob).send(conversation, str(number))
    newest = await ana.history(conversation, limit=3)
    assert [m["content"] for m in newest["items"]] == ["7", "6", "5"]
    older = await ana.history(conversation, limit=3, cursor=newest["next_cursor"])
    assert [m["content"] for m in older["items"]] == ["4", "3", "2"]
    last = await ana.history(conversation, limit=3, cursor=older["next_cursor"])
    assert [m["content"] for m in last["items"]] == ["1"]
    assert last["next_cursor"] is None
    assert [m["content"] for m in (await ana.history(conversation, limit=2, offset=5))["items"]] == ["2", "1"]
    assert [m["seq"] for m in (await ana.history(conversation, before_seq=3))["items"]] == [2, 1]
    after = await ana.history(conversation, after_seq=4, limit=2)
    assert [m["seq"] for m in after["items"]] == [5, 6]
    assert after["complete_through"] == 6
    rest = await ana.history(conversation, cursor=after["next_cursor"])
    assert [m["seq"] for m in rest["items"]] == [7]
    assert rest["complete_through"] == 7


async def test_a_client_that_was_away_syncs_what_it_missed_in_order(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    for number in range(1, 6):
        await ana.send(conversation, str(number))
    async with bob.online() as socket:
        ack = await socket.request("sync", conversations={conversation: 2})
        assert ack["data"] == {"messages": 3}
        done = await socket.event("sync.done")
        assert done["data"]["conversations"] == {conversation: 5}
        missed = [frame["data"]["content"] for frame in socket.frames if frame["type"] == "sync.message"]
        assert missed == ["3", "4", "5"]


async def test_conversations_are_listed_by_activity_with_unread_and_last_message(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    first, second = await ana.conversation(bob), await ana.conversation(bob)
    sent = await ana.send(first, "news")
    await ana.status_becomes(sent["message_id"], "sent")
    listed = (await bob.http.get("/v1/conversations", params={"limit": 1})).json()
    assert [c["id"] for c in listed["items"]] == [first]
    assert listed["items"][0]["unread_count"] == 1
    assert listed["items"][0]["last_message"]["preview"] == "news"
    following = (await bob.http.get("/v1/conversations", params={"cursor": listed["next_cursor"]})).json()
    assert [c["id"] for c in following["items"]] == [second]
    own = (await ana.http.get(f"/v1/conversations/{first}")).json()
    assert own["unread_count"] == 0
    assert {m["user_id"] for m in own["members"]} == {ana.id, bob.id}
