"""Outgoing webhooks through the whole stack: what a user is told reaches their server, signed, in order, whatever dies."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from tests.contract.webhook_receiver import Received, Receiver
from tests.e2e.conftest import Join
from tests.e2e.people import DEADLINE_S, Person, ok
from tests.e2e.running_stack import RunningStack


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver().serving() as receiver:
        yield receiver


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


async def test_a_message_is_delivered_signed_and_stands_in_the_log(join: Join, receiver: Receiver) -> None:
    ana, ben = await join("ana"), await join("ben")
    conversation = await ana.conversation(ben)
    made = await register(receiver, ana, "signed")
    sent = await ben.send(conversation, "Olá!")
    await takes(receiver, "signed", "Olá!")
    (got,) = messages(receiver, "signed")
    event = Verifier(made["secret"]).verify(got.body, got.headers)
    assert event["type"] == "message.created"
    assert {name: event["data"][name] for name in ("conversation_id", "message_id", "seq", "sender_id", "content")} == {
        "conversation_id": conversation,
        "message_id": sent["message_id"],
        "seq": sent["seq"],
        "sender_id": ben.id,
        "content": "Olá!",
    }
    newest, *_ = await delivered(ana, made, 2)
    assert (newest["event_id"], newest["event_type"]) == (got.headers["webhook-id"], "message.created")
    answer = await ana.http.post(f"/v1/webhooks/{made['id']}/replay", json={"delivery_id": newest["id"]})
    assert ok(answer, 202)["replayed"] == 1
    await until(lambda: len(messages(receiver, "signed")) == 2, lambda: receiver.contents("signed"))
    again = messages(receiver, "signed")[-1]
    assert (again.body, again.headers["webhook-id"]) == (got.body, got.headers["webhook-id"])


async def test_who_fails_gets_all_in_order_when_they_are_back_and_delays_nobody_else(
    join: Join, receiver: Receiver
) -> None:
    ana, ben = await join("ana"), await join("ben")
    conversation = await ana.conversation(ben)
    await register(receiver, ana, "failing")
    await register(receiver, ben, "healthy")
    receiver.statuses["failing"] = lambda _: 503
    texts = [f"text {number}" for number in range(5)]
    for text in texts:
        await ana.send(conversation, text)
    assert await takes(receiver, "healthy", *texts) == texts
    assert set(receiver.contents("failing")) <= {"webhook.test", "text 0"}
    receiver.statuses.clear()
    assert await takes(receiver, "failing", *texts) == texts


async def test_a_sender_that_is_killed_loses_nothing_and_keeps_the_order(
    stack: RunningStack, join: Join, receiver: Receiver
) -> None:
    ana, ben = await join("ana"), await join("ben")
    conversation = await ana.conversation(ben)
    made = await register(receiver, ana, "killed")
    step = "chat4all.webhooks.attempts:delivered:before"
    named = {"target": "function", "name": "webhook_send", "kind": "kill", "at": step, "count": 1}
    fault = (await stack.command("fault.add", **named))["id"]
    texts = [f"text {number}" for number in range(4)]
    for text in texts:
        await ben.send(conversation, text)
    assert await takes(receiver, "killed", *texts) == texts
    assert fault in {met["rule"] for met in await stack.command("fault.met")}
    ids = [each.headers["webhook-id"] for each in messages(receiver, "killed")]
    assert len(set(ids)) == len(texts)
    assert len(ids) == 1 + len(texts), "the one whose answer nobody wrote down, with its own id"
    await delivered(ana, made, 1 + len(texts))


async def test_who_was_removed_or_erased_is_told_nothing_more(join: Join, receiver: Receiver) -> None:
    ana, ben, carla = await join("ana"), await join("ben"), await join("carla")
    group = await ana.conversation(ben, carla, kind="group", title="Three")
    await register(receiver, ben, "removed")
    await register(receiver, carla, "erased")
    await register(receiver, ana, "stays")
    await ana.send(group, "to all")
    for path in ("removed", "erased", "stays"):
        await takes(receiver, path, "to all")
    ok(await ana.http.delete(f"/v1/conversations/{group}/members/{ben.id}"), 204)
    ok(await carla.http.delete("/v1/users/me"), 204)
    await ana.send(group, "to those who are left")
    await takes(receiver, "stays", "to those who are left")
    assert receiver.contents("removed")[-1] == receiver.contents("erased")[-1] == "to all"


async def test_an_endpoint_that_is_gone_is_disabled_and_its_owner_told(join: Join, receiver: Receiver) -> None:
    ana, ben = await join("ana"), await join("ben")
    conversation = await ana.conversation(ben)
    made = await register(receiver, ana, "gone")
    await register(receiver, ana, "other", "webhook.disabled")
    receiver.statuses["gone"] = lambda _: 410
    async with ana.online() as socket:
        await ben.send(conversation, "hi")
        frame = await socket.event("webhook.disabled")
    assert frame["data"] == {"webhook_id": made["id"], "reason": "gone"}
    assert "conversation_id" not in frame
    await until(lambda: receiver.contents("other")[-1:] == ["webhook.disabled"], lambda: receiver.contents("other"))
    found = ok(await ana.http.get(f"/v1/webhooks/{made['id']}"), 200)
    assert (found["status"], found["disabled_reason"]) == ("disabled", "gone")
