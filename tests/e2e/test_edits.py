"""Edits and unsends through the whole system: everybody is told, in order, and who was away learns of them."""

import asyncio
import uuid

import pytest

from tests.e2e.conftest import Join
from tests.e2e.people import Frame, Person, ok


async def edit(person: Person, message_id: str, content: str) -> Frame:
    """PATCH /v1/messages/{id}; the 200, waiting out the rate limit."""
    while True:
        answer = await person.http.patch(f"/v1/messages/{message_id}", json={"content": content})
        if answer.status_code != 429:
            return ok(answer, 200)
        await asyncio.sleep(float(answer.headers["retry-after"]) / 5)


async def test_members_are_told_of_edits_and_unsends_in_order(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    async with ana.online() as ana_socket, bob.online() as bob_socket:
        message_id = (await ana.send(conversation, "helo"))["message_id"]
        edited = await edit(ana, message_id, "hello")
        assert (edited["content"], edited["revision"]) == ("hello", 2)
        await bob_socket.event("message.updated", revision=2)  # what is overtaken before it is told, is not told
        by_socket = await ana_socket.request("edit", message_id=message_id, content="Hello")
        assert (by_socket["type"], by_socket["data"]["revision"]) == ("ack", 3)
        await bob_socket.event("message.updated", revision=3)
        gone = ok(await ana.http.delete(f"/v1/messages/{message_id}"), 200)
        assert (gone["content"], gone["revision"]) == (None, 4)
        for socket in (ana_socket, bob_socket):
            await socket.event("message.deleted", message_id=message_id)
            told = [f for f in socket.frames if f.get("data", {}).get("message_id") == message_id and "seq" in f]
            told = list({(f["type"], f["seq"]): f for f in told if f["type"] != "message.status"}.values())
            assert [(f["type"], f["seq"]) for f in told] == [
                ("message.created", 1),
                ("message.updated", 2),
                ("message.updated", 3),
                ("message.deleted", 4),
            ]
            assert [f["data"]["content"] for f in told[1:4]] == ["hello", "Hello", None]
        again = await ana_socket.request("delete", message_id=message_id)
        assert again["data"]["revision"] == 4
    (shown,) = (await bob.history(conversation))["items"]
    assert (shown["content"], shown["deleted_at"]) == (None, gone["deleted_at"])
    listed = (await bob.http.get(f"/v1/conversations/{conversation}")).json()
    assert (listed["last_message"]["preview"], listed["unread_count"]) == ("", 1)


async def test_a_client_that_was_away_learns_of_the_edit_of_an_old_message(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    old = (await ana.send(conversation, "old"))["message_id"]
    taken_back = (await ana.send(conversation, "taken back"))["message_id"]
    # bob holds both, and leaves
    await edit(ana, old, "old, edited")
    await ana.send(conversation, "new")
    await edit(ana, old, "old, edited twice")
    ok(await ana.http.delete(f"/v1/messages/{taken_back}"), 200)
    async with bob.online() as socket:
        await socket.request("sync", conversations={conversation: 2})
        done = await socket.event("sync.done")
        missed = [f for f in socket.frames if f["type"] in ("sync.message", "message.updated", "message.deleted")]
        assert [(f["type"], f["seq"], f["data"]["content"]) for f in missed[:3]] == [
            ("sync.message", 4, "new"),
            ("message.updated", 5, "old, edited twice"),
            ("message.deleted", 6, None),
        ]
        assert done["data"]["conversations"] == {conversation: 6}
    page = await bob.history(conversation, after_seq=2)
    assert [(c["seq"], c["message"]["message_id"]) for c in page["changes"]] == [(5, old), (6, taken_back)]
    assert page["complete_through"] == 6


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_what_may_not_be_changed(join: Join, method: str) -> None:
    ana, bob, eve = await join("ana"), await join("bob"), await join("eve")
    conversation = await bob.conversation(ana)
    message_id = (await ana.send(conversation, "mine"))["message_id"]

    async def attempt(person: Person, which: str, body: object = None) -> tuple[int, str]:
        answer = await person.http.request(
            method, f"/v1/messages/{which}", json={"content": "x"} if body is None else body
        )
        return answer.status_code, answer.json().get("code")

    assert await attempt(eve, message_id) == (404, "not_found")
    assert await attempt(ana, str(uuid.uuid4())) == (404, "not_found")
    assert await attempt(ana, "no-id") == (404, "not_found")
    if method == "PATCH":
        assert await attempt(bob, message_id) == (403, "not_the_sender")
        for wrong in ({}, {"content": ""}, {"content": 5}, {"content": "x", "type": "text"}, {"content": "x" * 16_385}):
            assert await attempt(ana, message_id, wrong) == (400, "invalid")
        assert await attempt(ana, message_id, {"content": "x", "revision": 9}) == (409, "edited_meanwhile")
        ok(await ana.http.delete(f"/v1/messages/{message_id}"), 200)
        assert await attempt(ana, message_id) == (409, "message_deleted")
    else:
        group = await bob.conversation(ana, eve)
        others = (await ana.send(group, "mine"))["message_id"]
        assert await attempt(eve, others) == (403, "not_the_sender")
        assert (await attempt(bob, others))[0] == 200  # the owner
