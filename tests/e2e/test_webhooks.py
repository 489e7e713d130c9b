"""Outgoing webhooks through the whole stack: what a user is told reaches their server, signed, in order, whatever dies."""

from collections.abc import Iterator

import pytest
from standardwebhooks import Webhook as Verifier

from tests.contract.webhook_receiver import Receiver
from tests.e2e.conftest import Join
from tests.e2e.people import ok
from tests.e2e.receiving import delivered, messages, register, takes, until
from tests.e2e.running_stack import RunningStack


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver().serving() as receiver:
        yield receiver


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
