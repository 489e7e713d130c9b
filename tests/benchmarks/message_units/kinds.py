"""The kinds of work that are measured: each is prepared once, and then done once for each message."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx

from tests.contract.webhook_receiver import Receiver
from tests.e2e.people import Person, Socket, ok
from tests.e2e.phones import phone, shop
from tests.e2e.receiving import delivered, register
from tests.e2e.running_stack import RunningStack

TEXT = "A text of an ordinary length, as people send them."
_GROUP = 10
BURST, _PEOPLE = 200, 21
_HELD_S = {"RouterFunction": 3.0, "RealtimeFunction": 6.0, "WebhookDispatchFunction": 6.0}
"""The others wait for what the router makes of its batches, too."""
_FILE_BYTES = 1 << 20


@dataclass
class Scene:
    """People on a running stack, and what their sockets have taken."""

    stack: RunningStack
    http: httpx.AsyncClient
    """Of the console."""
    open: AsyncExitStack
    sockets: list[Socket] = field(default_factory=list)

    async def person(self, name: str, *, online: bool = True) -> tuple[Person, Socket | None]:
        joined = await Person.join(self.stack.url("http"), self.stack.url("websocket", "ws"), name)
        self.open.push_async_callback(joined.http.aclose)
        if not online:
            return joined, None
        socket = await self.open.enter_async_context(joined.online())
        await socket.request("sync", conversations={})
        self.sockets.append(socket)
        return joined, socket

    def events(self) -> int:
        """Events that have been pushed so far."""
        return sum(not str(f["type"]).startswith(("ack", "error", "sync")) for s in self.sockets for f in s.frames)


Act = Callable[[int], Awaitable[None]]
"""Does it for the n-th time, and returns when what follows from it has arrived."""
Prepared = Callable[[Scene], Awaitable[Act]]


@asynccontextmanager
async def scene(stack: RunningStack) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as open_:
        console = await open_.enter_async_context(httpx.AsyncClient(base_url=stack.url("console"), timeout=60))
        yield Scene(stack, console, open_)


async def private_text(there: Scene) -> Act:
    """A text of 50 characters over HTTP between two who are online."""
    (ana, ana_socket), (ben, ben_socket) = await there.person("ana"), await there.person("ben")
    conversation = await ana.conversation(ben)
    return _sending(ana, conversation, ana_socket, ben_socket)


async def private_text_websocket(there: Scene) -> Act:
    """The same, sent over the WebSocket."""
    (ana, ana_socket), (ben, ben_socket) = await there.person("ana"), await there.person("ben")
    conversation = await ana.conversation(ben)
    assert ana_socket is not None
    assert ben_socket is not None

    async def act(_: int) -> None:
        reply = await ana_socket.request("send", conversation_id=conversation, type="text", content=TEXT)
        for socket in (ana_socket, ben_socket):
            await socket.event("message.created", message_id=reply["data"]["message_id"])

    return act


async def private_text_burst(there: Scene) -> Act:
    """200 such texts, each in a conversation of its own, while the consumers are held back: what one costs in full batches."""
    joined = [await there.person(f"p{number}") for number in range(_PEOPLE)]
    talks = [
        (a, await a.conversation(b), (a_socket, b_socket))
        for number, (a, a_socket) in enumerate(joined)
        for b, b_socket in joined[:number]
    ][:BURST]

    async def talk(sender: Person) -> None:
        said = [(await sender.send(where, TEXT), sockets) for who, where, sockets in talks if who is sender]
        for sent, sockets in said:
            for socket in sockets:
                assert socket is not None
                await socket.event("message.created", message_id=sent["message_id"])

    async def act(_: int) -> None:
        for name, seconds in _HELD_S.items():
            rule = {"target": "function", "name": name, "kind": "latency", "seconds": seconds}
            await there.stack.command("fault.add", **rule, for_s=seconds)
        await asyncio.gather(*(talk(person) for person, _ in joined))

    return act


async def group_text(there: Scene) -> Act:
    """A text to a group of ten, of whom all are online."""
    joined = [await there.person(f"p{number}") for number in range(_GROUP)]
    conversation = await joined[0][0].conversation(*(person for person, _ in joined[1:]))
    return _sending(joined[0][0], conversation, *(socket for _, socket in joined))


async def read_receipt(there: Scene) -> Act:
    """A receipt that raises a watermark, over the WebSocket, in a private conversation; the message is not counted."""
    (ana, ana_socket), (ben, ben_socket) = await there.person("ana"), await there.person("ben")
    conversation = await ana.conversation(ben)
    assert ben_socket is not None
    assert ana_socket is not None
    for number in range(_MOST):
        await ana.send(conversation, f"{number}")
    await ben_socket.event("message.created", content=f"{_MOST - 1}")

    async def act(number: int) -> None:
        await ben_socket.request("receipt", conversation_id=conversation, read_seq=number + 1)
        await ana_socket.event("receipt.updated", read_seq=number + 1)

    return act


async def text_to_telegram(there: Scene) -> Act:
    """A text to a guest on Telegram, until it is `sent`; the other connectors make the same calls."""
    ana, socket = await there.person("ana")
    assert socket is not None
    carla = await phone(there.http, await shop(there.http, ana))
    await carla.write("hi")
    conversation = (await socket.event("message.created", content="hi"))["conversation_id"]

    ok(await there.http.put("/phones/api/settings", json={"rate_limits": False}), 200)

    async def act(_: int) -> None:
        sent = await ana.send(conversation, TEXT)
        await socket.event("message.status", message_id=sent["message_id"], status="sent")

    return act


async def text_from_telegram(there: Scene) -> Act:
    """A text of a guest on Telegram, until one who is online has it."""
    ana, socket = await there.person("ana")
    assert socket is not None
    carla = await phone(there.http, await shop(there.http, ana))

    async def act(number: int) -> None:
        await carla.write(f"{TEXT} {number}")
        await socket.event("message.created", content=f"{TEXT} {number}")

    return act


async def private_text_webhook(there: Scene) -> Act:
    """A text between two who are online, of whom one has an endpoint of webhooks, until it is delivered."""
    receiver = there.open.enter_context(Receiver().serving())
    (ana, ana_socket), (ben, ben_socket) = await there.person("ana"), await there.person("ben")
    conversation = await ana.conversation(ben)
    made = await register(receiver, ben, "units")
    plain = _sending(ana, conversation, ana_socket, ben_socket)
    before = len(receiver.at("units"))

    async def act(number: int) -> None:
        await plain(number)
        while len(receiver.at("units")) < before + number + 1:
            await asyncio.sleep(0.02)
        if number + 1 in (_MOST, _MOST // 2):
            await delivered(ben, made, 1)

    return act


async def file_text(there: Scene) -> Act:
    """A file of 1 MB: begun, put to S3 in one part, completed, checked, sent, and downloaded by the other."""
    (ana, ana_socket), (ben, ben_socket) = await there.person("ana"), await there.person("ben")
    conversation = await ana.conversation(ben)
    assert ana_socket is not None
    assert ben_socket is not None
    plain = await there.open.enter_async_context(httpx.AsyncClient(timeout=60))

    async def act(number: int) -> None:
        wish = {"filename": f"{number}.bin", "size": _FILE_BYTES, "content_type": "application/octet-stream"}
        begun = ok(await ana.http.post("/v1/files/initiate", json=wish), 201)
        for part in begun["parts"]:
            put = await plain.put(part["url"], content=bytes(begun["part_size"])[:_FILE_BYTES], headers=part["headers"])
            assert put.status_code == 200, put.text
        answer = await ana.http.post("/v1/files/complete", json={"file_id": begun["file_id"]})
        assert answer.status_code in (200, 202), answer.text
        while ok(await ana.http.get(f"/v1/files/{begun['file_id']}"), 200)["status"] != "completed":
            await asyncio.sleep(0.1)
        sent = await ana.send(conversation, "look", type="file", file_id=begun["file_id"])
        for socket in (ana_socket, ben_socket):
            await socket.event("message.created", message_id=sent["message_id"])
        signed = ok(await ben.http.get(f"/v1/files/{begun['file_id']}/presigned"), 200)
        assert len((await plain.get(signed["url"])).content) == _FILE_BYTES

    return act


async def connection(there: Scene) -> Act:
    """A device that connects, syncs two conversations without news, and goes."""
    ana, _ = await there.person("ana", online=False)
    for name in ("ben", "eve"):
        other, _ = await there.person(name, online=False)
        await ana.conversation(other)

    async def act(_: int) -> None:
        async with ana.online() as socket:
            await socket.request("sync", conversations={})

    return act


async def heartbeat(there: Scene) -> Act:
    """A heartbeat over the WebSocket."""
    _, socket = await there.person("ana")
    assert socket is not None

    async def act(_: int) -> None:
        await asyncio.sleep(1.0)  # more often they are refused
        assert (await socket.request("heartbeat"))["type"] == "ack"

    return act


async def history_page(there: Scene) -> Act:
    """A page of 50 of the history, over HTTP."""
    (ana, _), (ben, _) = await there.person("ana", online=False), await there.person("ben", online=False)
    conversation = await ana.conversation(ben)
    for number in range(60):
        await ana.send(conversation, f"{TEXT} {number}")
    await ana.status_becomes((await ana.send(conversation, "the last"))["message_id"], "sent")

    async def act(_: int) -> None:
        assert len((await ana.history(conversation, limit=50))["items"]) == 50

    return act


def _sending(sender: Person, conversation: str, *sockets: Socket | None) -> Act:
    async def act(_: int) -> None:
        sent = await sender.send(conversation, TEXT)
        for socket in sockets:
            assert socket is not None
            await socket.event("message.created", message_id=sent["message_id"])

    return act


_MOST = 60
"""Of any kind in one measurement, with those that warm up."""
KINDS: Mapping[str, Prepared] = {
    each.__name__: each
    for each in (
        private_text,
        private_text_websocket,
        private_text_burst,
        group_text,
        read_receipt,
        text_to_telegram,
        text_from_telegram,
        private_text_webhook,
        file_text,
        connection,
        heartbeat,
        history_page,
    )
}
