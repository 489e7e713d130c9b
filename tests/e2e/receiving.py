"""Endpoints of people on the running stack, and what has come there."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from tests.contract.webhook_receiver import Received, Receiver
from tests.e2e.people import DEADLINE_S, Person, ok


async def until(found: Callable[[], Any], said: Callable[[], object], within_s: float = 2 * DEADLINE_S) -> Any:
    """Poll until `found` makes something; it, or an error with what is `said`."""
    deadline = time.monotonic() + within_s
    while not (result := found()):
        assert time.monotonic() < deadline, said()
        await asyncio.sleep(0.05)
    return result


async def register(receiver: Receiver, person: Person, path: str, *events: str) -> dict[str, Any]:
    """An endpoint that has taken its test event, and so is known to answer."""
    body = {"url": receiver.url(path), "events": list(events) or ["message.created"]}
    made = ok(await person.http.post("/v1/webhooks", json=body), 201)
    event_id = ok(await person.http.post(f"/v1/webhooks/{made['id']}/test"), 202)["event_id"]
    ids = [event_id]  # of a busy stack an earlier one may come too, whose 503 had us ask again
    await until(
        lambda: set(ids) <= {each.headers["webhook-id"] for each in receiver.at(path)}, lambda: receiver.received
    )
    await delivered(person, made, 1)
    return made


def messages(receiver: Receiver, path: str) -> list[Received]:
    """What has come there but for test events."""
    return [each for each in receiver.at(path) if each.event["type"] != "webhook.test"]


async def delivered(person: Person, made: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """The log, once so many are delivered."""
    deadline = time.monotonic() + 2 * DEADLINE_S
    while True:
        log = ok(await person.http.get(f"/v1/webhooks/{made['id']}/deliveries", params={"limit": 100}), 200)["items"]
        if sum(each["status"] == "delivered" for each in log) >= number:
            return list(log)
        assert time.monotonic() < deadline, log
        await asyncio.sleep(0.1)


async def takes(receiver: Receiver, path: str, *texts: str) -> list[str]:
    """What has come, each once and in the order of its first coming, once `texts` are in it."""
    said = await until(
        lambda: (found := receiver.contents(path)) and set(texts) <= set(found) and found,
        lambda: receiver.contents(path),
    )
    return [text for text in dict.fromkeys(said) if text != "webhook.test"]
