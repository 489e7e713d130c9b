"""A provider's token is changed there and then here, as docs/operations.md says: what fails, what waits, and what goes on."""

import asyncio
import time
from typing import Any

import httpx

from tests.e2e.conftest import Join
from tests.e2e.people import DEADLINE_S, Person, ok
from tests.e2e.phones import phone, shop

OPENS_AFTER = 5
"""Failures in a row (docs/decisions/0015)."""


async def reason_of(person: Person, message_id: str) -> str:
    """Why the delivery failed, or waits; polls until something is said."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        (recipient,) = (await person.status(message_id))["recipients"]
        for delivery in recipient["deliveries"]:
            if delivery.get("reason"):
                return str(delivery["reason"])
        assert time.monotonic() < deadline, recipient
        await asyncio.sleep(0.05)


async def test_what_is_sent_with_a_revoked_token_fails_until_the_breaker_opens_and_then_waits(
    join: Join, console: httpx.AsyncClient
) -> None:
    ana = await join("ana")
    bot = await shop(console, ana)
    carla = await phone(console, bot)
    async with ana.online() as socket:
        await carla.write("hello")
        conversation = (await socket.event("message.created", content="hello"))["conversation_id"]
    await ana.send(conversation, "before")
    await carla.receives("before")

    token = ok(await console.post(f"/phones/api/bots/{bot['id']}/token"), 201)["token"]
    sent: list[dict[str, Any]] = []
    for number in range(OPENS_AFTER):
        sent.append(await ana.send(conversation, f"refused {number}"))
        await ana.status_becomes(sent[-1]["message_id"], "failed")
        assert (await reason_of(ana, sent[-1]["message_id"])).startswith("account_refused: ")
    waiting = await ana.send(conversation, "waits")
    assert (await reason_of(ana, waiting["message_id"])).startswith("circuit_open: after account_refused")
    account = f"/v1/accounts/{bot['account']['id']}"
    assert ok(await ana.http.get(account), 200)["breaker"]["state"] in ("open", "half_open")

    ok(await ana.http.patch(account, json={"settings": {"bot_token": token}}), 200)
    assert ok(await ana.http.get(account), 200)["breaker"]["state"] == "closed"
    await carla.receives("waits")
    await ana.send(conversation, "after")
    await carla.receives("after")
    said = [message["text"] for message in await carla.messages() if message["from"] == "bot"]
    assert said == ["before", "waits", "after"], "what failed is not sent again by itself"
    async with ana.online() as socket:
        await carla.write("still there?")
        await socket.event("message.created", content="still there?")
