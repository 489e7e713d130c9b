"""Changes of one conversation that meet one another: each is done whole or refused, one after the other."""

import asyncio
import uuid
from typing import Any

import httpx

from tests.e2e.conftest import Join
from tests.e2e.people import Person, Socket, ok

ROUNDS = 3


async def test_the_last_owner_does_not_leave_while_the_other_one_is_demoted(join: Join) -> None:
    ana, bob, cy = [await join(name) for name in ("ana", "bob", "cy")]
    for _ in range(ROUNDS):
        group = await ana.conversation(bob, cy)
        members = f"/v1/conversations/{group}/members"
        ok(await ana.http.patch(f"{members}/{bob.id}", json={"role": "owner"}), 200)
        answers = await asyncio.gather(
            ana.http.delete(f"{members}/{ana.id}"), bob.http.patch(f"{members}/{bob.id}", json={"role": "member"})
        )
        assert sorted(refused(answers)) == ["last_owner"], [a.text for a in answers]
        left = ok(await cy.http.get(members), 200)["items"]
        assert [m["role"] for m in left].count("owner") == 1


async def test_an_admin_who_is_demoted_adds_nobody_afterwards(join: Join) -> None:
    ana, bob, cy, dan = [await join(name) for name in ("ana", "bob", "cy", "dan")]
    group = await ana.conversation(bob, cy)
    members = f"/v1/conversations/{group}/members"
    ok(await ana.http.patch(f"{members}/{bob.id}", json={"role": "admin"}), 200)
    _, added = await asyncio.gather(
        ana.http.patch(f"{members}/{bob.id}", json={"role": "reader"}),
        bob.http.post(members, json={"user_id": dan.id}),
    )
    present = {m["user_id"] for m in ok(await ana.http.get(members), 200)["items"]}
    assert (dan.id in present) == (added.status_code == 201), added.text
    assert (await bob.http.post(members, json={"user_id": str(uuid.uuid4())})).status_code == 403
    assert ok(await ana.http.get(f"/v1/conversations/{group}"), 200)["member_count"] == len(present)


async def test_who_joins_while_others_send_is_told_of_every_message_behind_the_join_and_none_before(join: Join) -> None:
    ana, bob, cy, dan = [await join(name) for name in ("ana", "bob", "cy", "dan")]
    group = await ana.conversation(bob, cy)
    async with dan.online() as socket:
        sending = [asyncio.create_task(person.send(group, f"{n}")) for n in range(5) for person in (ana, bob, cy)]
        await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        member = ok(await ana.http.post(f"/v1/conversations/{group}/members", json={"user_id": dan.id}), 201)
        await asyncio.gather(*sending)
        last = await ana.send(group, "after all of them")
        await socket.event("message.created", message_id=last["message_id"])
        assert told(socket, "message.created") == list(range(member["delivered_seq"] + 1, last["seq"] + 1))


async def test_who_is_removed_while_sending_is_refused_from_then_on(join: Join) -> None:
    ana, bob, cy = [await join(name) for name in ("ana", "bob", "cy")]
    group = await ana.conversation(bob, cy)
    body = {"conversation_id": group, "type": "text", "content": "x"}
    sending = [asyncio.create_task(bob.http.post("/v1/messages", json=body)) for _ in range(5)]
    ok(await ana.http.delete(f"/v1/conversations/{group}/members/{bob.id}"), 204)
    after = await bob.http.post("/v1/messages", json=body)
    assert after.status_code == 404
    accepted = {a.json()["message_id"] for a in await asyncio.gather(*sending) if a.status_code == 202}
    last = await ana.send(group, "the last one")
    await until_complete(cy, group, last["seq"])
    assert {m["message_id"] for m in (await ana.history(group))["items"]} == accepted | {last["message_id"]}


async def test_receipts_of_two_devices_at_once_only_rise_and_have_an_order(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    for n in range(8):
        await ana.send(conversation, str(n))
    path = f"/v1/conversations/{conversation}/receipts"
    async with ana.online() as socket:
        marks = [{"delivered_seq": n} for n in range(1, 9)] + [{"read_seq": n} for n in range(1, 9)]
        answers = await asyncio.gather(*(bob.http.post(path, json=mark) for mark in marks))
        for mark, answer in zip(marks, answers, strict=True):
            ((name, seq),) = mark.items()
            assert ok(answer, 200)[name] >= seq
        await socket.event("receipt.updated")
        members = ok(await ana.http.get(f"/v1/conversations/{conversation}/members"), 200)["items"]
        assert [(m["delivered_seq"], m["read_seq"]) for m in members if m["user_id"] == bob.id] == [(8, 8)]
        # What is told of a watermark is a hint: where Kafka does not take it, the next one says it all.
        events = [f["data"] for f in socket.frames if f["type"] == "receipt.updated"]
        in_order = sorted(events, key=lambda e: e["version"])
        assert len({e["version"] for e in events}) == len(events)
        for name in ("delivered_seq", "read_seq"):
            assert [e[name] for e in in_order] == sorted(e[name] for e in events)
        assert all(e["read_seq"] <= e["delivered_seq"] for e in events)


async def test_a_client_that_sends_every_request_three_times_does_each_thing_once(join: Join) -> None:
    ana, bob, cy, dan = [await join(name) for name in ("ana", "bob", "cy", "dan")]
    body: dict[str, Any] = {"type": "group", "member_ids": [bob.id, cy.id], "title": "once"}
    key = {"idempotency-key": "my first group"}
    made = await thrice(ana, "POST", "/v1/conversations", body, key)
    group = {ok(answer, 201)["id"] for answer in made}
    assert len(group) == 1
    assert [c["id"] for c in ok(await ana.http.get("/v1/conversations"), 200)["items"]] == list(group)
    other = await ana.http.post("/v1/conversations", json=body | {"title": "another"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    path = f"/v1/conversations/{group.pop()}"
    added = await thrice(ana, "POST", f"{path}/members", {"user_id": dan.id}, {"idempotency-key": "dan"})
    assert {answer.status_code for answer in added} == {201}, [a.text for a in added]
    without_key = await ana.http.post(f"{path}/members", json={"user_id": dan.id})
    assert (without_key.status_code, without_key.json()["code"]) == (409, "already_member")
    text = {"conversation_id": path.rpartition("/")[2], "type": "text", "content": "once"}
    sent = await thrice(ana, "POST", "/v1/messages", text, {"idempotency-key": "a text"})
    assert len({ok(answer, 202)["message_id"] for answer in sent}) == 1
    for changed in (
        await thrice(ana, "PATCH", path, {"title": "new"}),
        await thrice(ana, "PATCH", f"{path}/members/{dan.id}", {"role": "reader"}),
        await thrice(bob, "POST", f"{path}/receipts", {"read_seq": 1}),
        await thrice(ana, "PATCH", "/v1/users/me", {"display_name": "Ana"}),
    ):
        assert {answer.status_code for answer in changed} == {200}, [a.text for a in changed]
    gone = await thrice(ana, "DELETE", f"{path}/members/{dan.id}")
    assert sorted(answer.status_code for answer in gone) == [204, 404, 404]
    assert ok(await ana.http.get(path), 200)["member_count"] == 3
    assert len((await ana.history(path.rpartition("/")[2]))["items"]) == 1


async def thrice(
    person: Person, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> list[httpx.Response]:
    return await asyncio.gather(*(person.http.request(method, path, json=body, headers=headers) for _ in range(3)))


def refused(answers: list[httpx.Response]) -> list[str]:
    return [answer.json()["code"] for answer in answers if answer.status_code >= 400]


def told(socket: Socket, kind: str) -> list[int]:
    """By their first arrival: what comes again, a client drops by its seq."""
    return list(dict.fromkeys(frame["seq"] for frame in socket.frames if frame["type"] == kind))


async def until_complete(person: Person, conversation: str, seq: int) -> None:
    """Until history is complete through `seq`."""
    deadline = asyncio.get_running_loop().time() + 30
    while (await person.history(conversation, after_seq=0))["complete_through"] < seq:
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.05)
