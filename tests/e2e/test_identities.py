"""A user links the address on their phone, and a Telegram group is a conversation: through the whole stack."""

import asyncio
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Join
from tests.e2e.graph_phones import GraphPhone, business, graph_phone, pointed
from tests.e2e.people import DEADLINE_S, Person, ok
from tests.e2e.phones import Phone, phone, shop
from tests.e2e.running_stack import RunningStack

CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
OWN = "/v1/users/me/identities"


async def test_a_guest_turns_out_to_be_a_user(join: Join, console: httpx.AsyncClient) -> None:
    ana, bob = await join("ana"), await join("bob")
    bot = await shop(console, ana)
    bobs = await phone(console, bot, "Bob")
    async with ana.online() as socket:
        await bobs.write("hi")
        said = await socket.event("message.created", content="hi")
        conversation, guest = said["conversation_id"], said["data"]["sender_id"]
        await link(bob, "telegram", bot["account"]["id"], str(bobs.id), bobs)

        await bobs.write("it is me")
        assert (await socket.event("message.created", content="it is me"))["data"]["sender_id"] == bob.id
        members = ok(await ana.http.get(f"/v1/conversations/{conversation}/members"), 200)["items"]
        assert {m["user_id"] for m in members} == {ana.id, bob.id}
        assert ok(await ana.http.get(f"/v1/users/{guest}"), 200)["linked_to"] == bob.id
        assert [m["content"] for m in (await bob.history(conversation, after_seq=0))["items"]] == ["hi", "it is me"]

        answered = await ana.send(conversation, "I see")
        await bobs.receives("I see")
        await ana.status_becomes(answered["message_id"], "sent")

        ok(await bob.http.delete(f"{OWN}/telegram"), 204)
        await bobs.write("and now?")
        stranger = await socket.event("message.created", content="and now?")
        assert stranger["data"]["sender_id"] not in (bob.id, guest)
        assert stranger["conversation_id"] != conversation


async def test_a_link_on_whatsapp_brings_a_conversation_of_the_app_to_the_phone(
    join: Join, console: httpx.AsyncClient
) -> None:
    ana, bob, eve = await join("ana"), await join("bob"), await join("eve")
    made = await business(console, ana, "whatsapp")
    number = str(uuid.uuid4().int % 10**9 + 5511 * 10**9)
    bobs = await graph_phone(console, made, "Bob", phone_number=number)
    conversation = await eve.conversation(bob)
    async with ana.online() as socket:
        await bobs.write("hello, shop")  # opens the window
        await socket.event("message.created", content="hello, shop")
    asked = await linked_on_whatsapp(bob, made["account"]["id"], bobs)
    assert "write to the account" in asked["how"]
    await eve.send(conversation, "are you there?")
    await bobs.receives(text="are you there?")
    await bobs.write("yes")

    async def is_said() -> bool:
        return any(m["content"] == "yes" for m in (await eve.history(conversation))["items"])

    await becomes(is_said)


async def test_a_telegram_group_is_a_conversation(join: Join, console: httpx.AsyncClient) -> None:
    ana = await join("ana")
    ok(await console.put("/phones/api/settings", json={"rate_limits": False}), 200)
    bot = await shop(console, ana)
    ann, carl = await phone(console, bot, "Ann"), await phone(console, bot, "Carl")
    body = {"title": "Cyclists", "bot_id": bot["id"], "person_ids": [carl.id], "administrator": True}
    group = ok(await console.post(f"/phones/api/phones/{ann.id}/groups", json=body), 201)
    inside = [Phone(console, one.id, group["id"]) for one in (ann, carl)]
    async with ana.online() as socket:
        await inside[0].write("Sunday?")
        said = await socket.event("message.created", content="Sunday?")
        conversation = said["conversation_id"]
        await inside[1].write("Yes!")
        assert (await socket.event("message.created", content="Yes!"))["conversation_id"] == conversation
        shown = ok(await ana.http.get(f"/v1/conversations/{conversation}"), 200)
        assert (shown["type"], shown["title"], shown["member_count"]) == ("group", "Cyclists", 4)
        answered = await ana.send(conversation, "At nine")
        for one in inside:
            await one.receives("ana: At nine")
        await ana.status_becomes(answered["message_id"], "sent")

        upgraded = ok(await console.post(f"/phones/api/phones/{ann.id}/groups/{group['id']}/upgrade"), 201)
        later = Phone(console, ann.id, upgraded["id"])
        await later.write("Where?")
        assert (await socket.event("message.created", content="Where?"))["conversation_id"] == conversation
        await ana.send(conversation, "At the bridge")
        await later.receives("ana: At the bridge")
    texts = [m.get("text") for m in await later.messages() if m["from"] == "bot"]
    assert texts.count("ana: At the bridge") == 1
    assert not [text for text in texts if text and ("Sunday" in text or "Where" in text)], "nothing comes back"


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
async def test_a_contact_gets_their_name(
    join: Join, stack: RunningStack, console: httpx.AsyncClient, channel: str
) -> None:
    ana = await join("ana")
    carla = await graph_phone(console, await pointed(stack, console, ana, channel), "Carla Souza")
    async with ana.online() as socket:
        await carla.write("hi")
        guest = (await socket.event("message.created", content="hi"))["data"]["sender_id"]

    async def is_named() -> bool:
        return bool(ok(await ana.http.get(f"/v1/users/{guest}"), 200)["display_name"] == "Carla Souza")

    await becomes(is_named)


async def link(person: Person, channel: str, account_id: str, address: str, on: Phone) -> None:
    """Ask for a code, read it on the phone, and say it."""
    ok(await person.http.put(f"{OWN}/{channel}", json={"account_id": account_id, "address": address}), 202)
    code = await on.sees(lambda messages: next((c for m in messages if (c := code_in(m))), None))
    linked = ok(await person.http.post(f"{OWN}/{channel}/verify", json={"code": code}), 200)
    assert linked["status"] == "linked"


async def linked_on_whatsapp(person: Person, account_id: str, on: GraphPhone) -> dict[str, Any]:
    """The same for the number of a phone; the answer to the first request."""
    asked = ok(await person.http.put(f"{OWN}/whatsapp", json={"account_id": account_id, "address": f"+{on.id}"}), 202)
    body = {"code": await code_on(on)}
    assert ok(await person.http.post(f"{OWN}/whatsapp/verify", json=body), 200)["status"] == "linked"
    return asked


async def code_on(on: GraphPhone) -> str:
    """The code that the phone shows."""
    found: list[str] = []

    async def is_here() -> bool:
        found[:] = [code for message in await on.messages() if (code := code_in(message))]
        return bool(found)

    await becomes(is_here)
    return found[-1]


async def becomes(true: Callable[[], Awaitable[bool]]) -> None:
    """Poll until it is so."""
    deadline = time.monotonic() + DEADLINE_S
    while not await true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


def code_in(message: dict[str, Any]) -> str | None:
    found = CODE.search(message.get("text") or "") if message["from"] in ("bot", "account") else None
    return found[0] if found else None
