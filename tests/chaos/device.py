"""A person's device: one WebSocket that is opened again whenever it ends, and what a client keeps so as to miss nothing.

It stores the highest seq without a hole of each conversation and syncs from there after each connect (design: section 4).
"""

import asyncio
import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from tests.chaos.history import Call, Closed, Connected, Frame, SyncAsked, Synced, reactions_text
from tests.chaos.person import ANSWER_WITHIN_S, LOST, Answer, Person

NUMBERED = ("message.created", "sync.message", "message.updated", "message.deleted", "reaction.updated")
"""Events that are entries of the conversation's sequence."""
EDITED = " edited "
"""Stands in the content of each edit, and in no other."""
_numbers = itertools.count(1)
_REQUESTS = itertools.count(1)
_SYNC_WITHIN_S = 30.0
"""Many messages take their time; asking again earlier would only make it longer."""
_PING_S = 10.0
"""A connection that does not answer a ping within half of it is given up: the network may have gone silent."""
_HOLE_S = 3.0
"""A client looks so often whether a number that is missing was void."""
_RECONNECT_S = (0.1, 1.0)
"""First pause before another try, and the longest."""


@dataclass
class Held:
    """Numbers of one conversation that have arrived."""

    through: int = 0
    beyond: set[int] = field(default_factory=set)

    def take(self, seq: int) -> None:
        self.beyond.add(seq)
        self.advance(self.through)

    def advance(self, through: int) -> None:
        """Up to there nothing is missing."""
        self.through = max(self.through, through)
        while self.through + 1 in self.beyond:
            self.through += 1
        self.beyond = {seq for seq in self.beyond if seq > self.through}


@dataclass
class Device:
    """`run` in a task until `close`."""

    person: Person
    on_frame: Callable[[Frame, str], None] = lambda _frame, _user: None
    """Called with each event and the user who got it."""
    held: dict[str, Held] = field(default_factory=dict)
    connection: int = 0
    """Number of the open connection in the record; 0 while there is none."""
    frames: int = 0
    """Events that have arrived."""
    _socket: aiohttp.ClientWebSocketResponse | None = None
    _pending: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _closing: bool = False
    _synced: asyncio.Event = field(default_factory=asyncio.Event)
    _done: dict[str, Any] | None = None
    _one_sync: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Connect, sync and read, again and again."""
        pause = _RECONNECT_S[0]
        while not self._closing:
            try:
                url = f"{self.person.urls['websocket']}/?token={self.person.token}"
                socket = await asyncio.wait_for(
                    self.person.session.ws_connect(url, max_msg_size=0, heartbeat=_PING_S), ANSWER_WITHIN_S
                )
            except aiohttp.WSServerHandshakeError as error:
                if error.status == 401:
                    await self.person.sign_in()
            except LOST:
                pass
            else:
                pause = _RECONNECT_S[0]
                await self._use(socket)
            if not self._closing:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _RECONNECT_S[1])

    async def fill_holes(self) -> None:
        """Again and again: a number that does not come may be void; the history says so by `complete_through`."""
        while True:
            await asyncio.sleep(_HOLE_S)
            for conversation, held in list(self.held.items()):
                if not held.beyond or not self.connection:
                    continue
                call = await self.person.page(conversation, held.through, 50)
                if call.through is not None and set(call.seqs or ()) <= held.beyond:
                    held.advance(call.through)

    async def close(self) -> None:
        """The end."""
        self._closing = True
        await self.reconnect()

    async def reconnect(self, *, abruptly: bool = False) -> None:
        """Drop the connection; the device comes back."""
        socket = self._socket
        if socket is None:
            return
        if abruptly and (transport := socket._writer.transport) is not None:
            transport.abort()
            return
        with suppress(*LOST):
            await asyncio.wait_for(socket.close(), 2)

    async def request(self, action: str, data: dict[str, Any], within_s: float = ANSWER_WITHIN_S) -> Answer:
        """A request and its ack or error."""
        socket = self._socket
        if socket is None:
            return Answer(0)
        request_id = f"r{next(_REQUESTS)}"
        future = asyncio.get_running_loop().create_future()
        self._pending[request_id] = future
        try:
            await socket.send_str(orjson.dumps({"action": action, "id": request_id, "data": data}).decode())
            frame = await asyncio.wait_for(future, within_s)
        except LOST:
            return Answer(0)
        finally:
            self._pending.pop(request_id, None)
        if frame["type"] == "ack":
            return Answer(200, frame["data"])
        return Answer(
            int(frame["error"].get("status", 500)), frame["error"], float(frame["error"].get("retry_after") or 0)
        )

    async def send(self, conversation: str, message_id: str, content: str, reply_to: str | None = None) -> Call:
        """The action `send`, recorded."""
        body = {"conversation_id": conversation, "type": "text", "content": content, "message_id": message_id}
        if reply_to:
            body["reply_to"] = reply_to
        begin = self.person.recorder.now()
        answer = await self.request("send", body)
        seq = answer.body.get("seq") if answer.outcome == "ok" else None
        more = {"message_id": message_id, "content": content, "reply_to": reply_to, "seq": seq, "via": "ws"}
        return self.person.record("send", conversation, begin, answer, **more)

    async def sync(self) -> bool:
        """Ask for what is missing until nothing is; whether that was answered."""
        async with self._one_sync:
            if await self._sync():
                return True
        await self.reconnect(abruptly=True)  # what of it is still to come must not be taken for the next one's
        return False

    async def _sync(self) -> bool:
        while True:
            connection, asked = self.connection, {c: held.through for c, held in self.held.items()}
            begin = self.person.recorder.now()
            self.person.recorder.add(SyncAsked(connection, begin))
            self._synced.clear()
            answer = await self.request("sync", {"conversations": asked}, _SYNC_WITHIN_S)
            if answer.outcome != "ok" or not connection:
                return False
            try:
                await asyncio.wait_for(self._synced.wait(), _SYNC_WITHIN_S)
            except TimeoutError:
                return False
            done = self._done
            if done is None or connection != self.connection:
                return False
            recorder, through = self.person.recorder, done["conversations"]
            recorder.add(Synced(connection, begin, recorder.now(), asked, through))
            for conversation, reached in through.items():
                self.held.setdefault(conversation, Held()).advance(reached)
            for gone in asked.keys() - through.keys():
                self.held.pop(gone, None)
            new = [c for c in done.get("other", ()) if c not in self.held]
            self.held |= {c: Held() for c in new}
            if not new and not done.get("more"):
                return True

    async def _use(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        recorder = self.person.recorder
        self._socket, self.connection = socket, next(_numbers)
        recorder.add(Connected(self.connection, self.person.id, recorder.now()))
        syncing = asyncio.create_task(self.sync())
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(orjson.loads(message.data))
        except LOST:
            pass
        finally:
            recorder.add(Closed(self.connection, recorder.now()))
            self._socket, self.connection = None, 0
            for future in self._pending.values():
                if not future.done():
                    future.set_exception(ConnectionError("closed"))
            syncing.cancel()
            await asyncio.gather(syncing, return_exceptions=True)
            with suppress(*LOST):
                await asyncio.wait_for(socket.close(), 1)

    def _take(self, frame: dict[str, Any]) -> None:
        kind = frame.get("type")
        if kind in ("ack", "error"):
            future = self._pending.get(str(frame.get("id")))
            if future is not None and not future.done():
                future.set_result(frame)
            return
        if kind is None:  # the gateway's own error: {"message", "connectionId", "requestId"}
            return
        data = frame.get("data") or {}
        if kind == "sync.done":
            self._done = data
            self._synced.set()
            return
        self.frames += 1
        event = self._frame(kind, frame, data)
        self.person.recorder.add(event)
        self.on_frame(event, self.person.id)
        if kind in NUMBERED:
            self.held.setdefault(frame["conversation_id"], Held()).take(int(frame["seq"]))

    def _frame(self, kind: str, frame: dict[str, Any], data: dict[str, Any]) -> Frame:
        connection, at, conversation = self.connection, self.person.recorder.now(), frame.get("conversation_id", "")
        message_id, content = data.get("message_id"), data.get("content")
        if kind != "message.updated" and str(content).startswith(str(message_id)) and EDITED not in str(content):
            content = None
        match kind:
            case "receipt.updated":
                return Frame(connection, at, kind, conversation, user=data["user_id"], read=data["read_seq"])
            case "message.status":
                user, status = data.get("recipient_id"), data["status"]
                return Frame(connection, at, kind, conversation, frame.get("seq"), message_id, user, status)
        told = data.get("reactions")
        reactions = reactions_text(told) if told or kind == "reaction.updated" else None
        seq = frame.get("seq")
        return Frame(connection, at, kind, conversation, seq, message_id, content=content, reactions=reactions)
