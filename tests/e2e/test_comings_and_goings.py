"""People who leave, are removed or erase themselves: what was promised to others stands, and nothing is open to them any more."""

import asyncio
import uuid

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.e2e.conftest import Join
from tests.e2e.people import ok
from tests.e2e.phones import phone, shop


async def test_a_status_does_not_go_back_when_recipients_leave(join: Join) -> None:
    ana, bob, cy = [await join(name) for name in ("ana", "bob", "cy")]
    group = await ana.conversation(bob, cy)
    message = (await ana.send(group))["message_id"]
    for reader in (bob, cy):
        ok(await reader.http.post(f"/v1/conversations/{group}/receipts", json={"read_seq": 1}), 200)
    await ana.status_becomes(message, "read")
    for leaver in (bob, cy):
        assert (await leaver.http.delete(f"/v1/conversations/{group}/members/{leaver.id}")).status_code == 204
        status = await ana.status(message)
        assert status["status"] == "read"
        assert {r["user_id"] for r in status["recipients"]} == {bob.id, cy.id}


async def test_a_repeated_send_is_answered_alike_after_the_sender_became_a_reader(join: Join) -> None:
    ana, bob, cy = [await join(name) for name in ("ana", "bob", "cy")]
    group = await ana.conversation(bob, cy)
    message_id = str(uuid.uuid4())
    first = await bob.send(group, "stands", message_id=message_id)
    members = f"/v1/conversations/{group}/members/{bob.id}"
    ok(await ana.http.patch(members, json={"role": "reader"}), 200)
    assert await bob.send(group, "stands", message_id=message_id) == first
    assert (await ana.http.delete(members)).status_code == 204
    assert await bob.send(group, "stands", message_id=message_id) == first


async def test_one_removal_of_many_at_once_is_done_and_the_others_find_nobody(join: Join) -> None:
    ana, bob, cy = [await join(name) for name in ("ana", "bob", "cy")]
    group = await ana.conversation(bob, cy)
    path = f"/v1/conversations/{group}/members/{cy.id}"
    answers = await asyncio.gather(*(ana.http.delete(path) for _ in range(4)))
    codes = sorted(a.status_code for a in answers)
    assert codes.count(204) == 1
    assert set(codes) <= {204, 404, 503}
    assert ok(await ana.http.get(f"/v1/conversations/{group}"), 200)["member_count"] == 2


async def test_a_group_keeps_an_owner_when_both_leave_at_once(join: Join) -> None:
    ana, bob, cy = [await join(name) for name in ("ana", "bob", "cy")]
    group = await ana.conversation(bob, cy)
    members = f"/v1/conversations/{group}/members"
    ok(await ana.http.patch(f"{members}/{bob.id}", json={"role": "owner"}), 200)
    await asyncio.gather(*(p.http.delete(f"{members}/{p.id}") for p in (ana, bob)))
    left = ok(await cy.http.get(members), 200)["items"]
    assert "owner" in {m["role"] for m in left}


async def test_who_erased_themselves_can_do_nothing_with_a_token_that_still_lives(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    await bob.send(conversation, "before")
    async with bob.online() as socket:
        assert (await bob.http.delete("/v1/users/me")).status_code == 204
        refused = await bob.http.post(
            "/v1/messages", json={"conversation_id": conversation, "type": "text", "content": "ghost"}
        )
        assert refused.status_code == 404
        assert (await bob.http.get(f"/v1/conversations/{conversation}/messages")).status_code == 404
        assert (await bob.http.get("/v1/conversations")).json()["items"] == []
        told = await socket.until(lambda frame: frame["type"] == "error")
        assert told["error"]["code"] == "session_ended"
        await socket.connection.wait_closed()
    with pytest.raises(InvalidStatus) as closed:
        async with connect(f"{bob.websocket_url}/?token={bob.token}"):
            pass
    assert closed.value.response.status_code == 401
    profile = ok(await ana.http.get(f"/v1/users/{bob.id}"), 200)
    assert set(profile) == {"id", "deleted_at"}
    assert [m["content"] for m in (await ana.history(conversation))["items"]] == ["before"]


async def test_a_guest_is_reached_by_their_business_only(join: Join, console: httpx.AsyncClient) -> None:
    ana, eve = await join("ana"), await join("eve")
    carla = await phone(console, await shop(console, ana))
    async with ana.online() as socket:
        await carla.write("hello")
        guest = (await socket.event("message.created", content="hello"))["data"]["sender_id"]
    stolen = await eve.http.post("/v1/conversations", json={"type": "private", "member_ids": [guest]})
    assert (stolen.status_code, stolen.json()["errors"][0]["pointer"]) == (400, "/member_ids/0")
    dan, fay = await join("dan"), await join("fay")
    group = await eve.conversation(dan, fay)
    assert (await eve.http.post(f"/v1/conversations/{group}/members", json={"user_id": guest})).status_code == 400
    mine = await ana.conversation(guest)
    await ana.send(mine, "from the shop itself")
    await carla.receives("from the shop itself")


async def test_a_bot_serves_one_account(join: Join, console: httpx.AsyncClient) -> None:
    ana, eve = await join("ana"), await join("eve")
    bot = await shop(console, ana)
    settings = {"bot_token": bot["token"], "api_base": f"{str(console.base_url).rstrip('/')}/telegram"}
    body = {"channel": "telegram", "name": "Mine now", "settings": settings}
    taken = await eve.http.post("/v1/accounts", json=body)
    assert (taken.status_code, taken.json()["code"]) == (409, "account_taken")
    assert (await ana.http.delete(f"/v1/accounts/{bot['account']['id']}")).status_code == 204
    ok(await eve.http.post("/v1/accounts", json=body), 201)
    carla = await phone(console, bot)
    async with eve.online() as socket:
        await carla.write("whose are you?")
        await socket.event("message.created", content="whose are you?")


async def test_channels_that_reach_nobody_are_reported_as_failed(join: Join, console: httpx.AsyncClient) -> None:
    ana = await join("ana")
    carla = await phone(console, await shop(console, ana))
    async with ana.online() as socket:
        await carla.write("hello")
        conversation = (await socket.event("message.created", content="hello"))["conversation_id"]
    sent = await ana.send(conversation, "by pigeon", channels=["whatsapp"])
    failed = await ana.status_becomes(sent["message_id"], "failed")
    assert failed["recipients"][0]["reason"].startswith("no_channel")
