"""One message however often and by whichever way it is sent: message_id, Idempotency-Key, HTTP and WebSockets, at once."""

import asyncio
import uuid
from typing import Any

import httpx

from tests.e2e.conftest import Join
from tests.e2e.people import Frame, Person, Socket

PROMISE = ("message_id", "conversation_id", "seq", "created_at")


def promise(document: Frame) -> tuple[Any, ...]:
    """What a 202 or an ack says."""
    return tuple(document[name] for name in PROMISE)


async def by_http(person: Person, body: Frame, key: str | None = None) -> httpx.Response:
    """POST /v1/messages; a 429 is waited out, as a client should."""
    while True:
        answer = await person.http.post("/v1/messages", json=body, headers={"idempotency-key": key} if key else {})
        if answer.status_code != 429:
            return answer
        await asyncio.sleep(float(answer.headers["retry-after"]) / 5)


async def by_socket(socket: Socket, body: Frame) -> Frame:
    """The action `send`; a refusal by the rate limit is waited out."""
    while True:
        answer = await socket.request("send", **body)
        if answer["type"] == "ack" or answer["error"]["status"] != 429:
            return answer
        await asyncio.sleep(0.3)


def told(socket: Socket) -> list[str]:
    """Contents by number; what comes again, a client drops by it."""
    return list({f["seq"]: f["data"]["content"] for f in socket.frames if f["type"] == "message.created"}.values())


async def test_over_http_and_websocket_at_once(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    body = {"conversation_id": conversation, "type": "text", "content": "once", "message_id": str(uuid.uuid4())}
    async with ana.online() as first, ana.online() as second, bob.online() as heard:
        answers = await asyncio.gather(
            *(by_http(ana, body) for _ in range(3)),
            *(by_http(ana, {k: v for k, v in body.items() if k != "message_id"}, body["message_id"]) for _ in range(2)),
            *(by_socket(socket, body) for socket in (first, second)),
        )
        promises = {promise(a.json() if isinstance(a, httpx.Response) else a["data"]) for a in answers}
        assert len(promises) == 1, answers
        await by_http(ana, body | {"content": "next", "message_id": str(uuid.uuid4())})
        await heard.event("message.created", content="next")
        assert told(heard) == ["once", "next"]
    page = await bob.history(conversation, after_seq=0)
    assert [m["content"] for m in page["items"]] == ["once", "next"]
    assert page["complete_through"] == page["items"][-1]["seq"]


async def test_keys_are_each_senders_own_and_stand_for_one_content(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    body = {"conversation_id": conversation, "type": "text", "content": "order 7"}
    by_ana, again, by_bob = [await by_http(p, body, "order 7") for p in (ana, ana, bob)]
    assert promise(by_ana.json()) == promise(again.json())
    assert by_bob.status_code == 202
    assert by_bob.json()["message_id"] != by_ana.json()["message_id"]
    other = await by_http(ana, body | {"content": "order 8"}, "order 7")
    assert (other.status_code, other.json()["code"]) == (409, "message_id_reused")
    elsewhere = await by_http(ana, body | {"conversation_id": await ana.conversation(bob)}, "order 7")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "message_id_reused")
    both = await by_http(ana, body | {"message_id": str(uuid.uuid4())}, "order 7")
    assert (both.status_code, both.json()["errors"][0]["pointer"]) == (400, "/message_id")


async def test_a_client_that_sends_everything_three_times(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)

    async def thrice(number: int) -> None:
        body = {"conversation_id": conversation, "type": "text", "content": str(number)}
        body |= {"message_id": str(uuid.uuid4())}
        answers = await asyncio.gather(*(by_http(ana, body) for _ in range(3)))
        assert {a.status_code for a in answers} == {202}
        assert len({promise(a.json()) for a in answers}) == 1

    async with bob.online() as heard:
        for number in range(8):
            await thrice(number)
        await heard.event("message.created", content="7")
        assert told(heard) == [str(number) for number in range(8)]
    page = await bob.history(conversation, after_seq=0)
    assert [m["content"] for m in page["items"]] == [str(number) for number in range(8)]
