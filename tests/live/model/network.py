"""The network of the model: frames that are late, lost, doubled or out of order, and connections that end at any point."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from chat4all_client.errors import ApiError, Unreachable
from chat4all_client.live.session import SignedOut
from chat4all_client.live.wire import HandshakeRefused, WireClosed
from tests.live.model.api import answered
from tests.live.model.gateway import Gateway
from tests.live.model.server import Refused, Server

Json = dict[str, Any]


@dataclass
class Faults:
    """How often something goes wrong, as parts of one."""

    lost: float = 0.0
    doubled: float = 0.0
    disordered: float = 0.0
    """Events only: what a sync pushes comes in order, or the connection ends."""
    dropped: float = 0.0
    """Connections, at a frame in either direction."""
    unanswered: float = 0.0
    """Requests over HTTP whose answer is lost, half of them before they are done."""
    strange: float = 0.0
    """Frames that nobody understands."""
    truncated: float = 0.0
    """Entries that do not fit into a frame."""


@dataclass
class Network:
    """Between all clients and the server."""

    server: Server
    chance: Random
    faults: Faults = field(default_factory=Faults)
    wires: list["ModelWire"] = field(default_factory=list)
    is_away: bool = False
    """Nothing gets through."""

    def __post_init__(self) -> None:
        self.server.push = self.push

    def push(self, user_id: str, frame: Json) -> None:
        """An event for all the user's connections."""
        for wire in list(self.wires):
            if wire.user_id == user_id:
                wire.tell(frame)

    async def dial(self, token: str) -> "ModelWire":
        """Open a connection."""
        await asyncio.sleep(self.chance.uniform(0.005, 0.1))
        if self.is_away or self.chance.random() < self.faults.dropped:
            raise WireClosed("unreachable")
        user_id = self.server.user_of(token)
        if user_id is None:
            raise HandshakeRefused(401)
        wire = ModelWire(self, user_id, token)
        self.wires.append(wire)
        return wire

    async def call(self, token: str, method: str, path: str, body: Json | None) -> Json:
        """A request over HTTP; raises Unreachable, Refused."""
        fails = self.chance.random() < self.faults.unanswered
        before = self.chance.random() < 0.5
        await asyncio.sleep(self.chance.uniform(0.002, 0.05))
        if self.is_away or (fails and before):
            raise Unreachable("lost")
        user_id = self.server.user_of(token)
        if user_id is None:
            raise Refused(401, "token_expired")
        answer = json.dumps(await answered(self.server, user_id, method, path, body))
        # What was read may be old when it arrives.
        await asyncio.sleep(
            self.chance.uniform(0.002, 0.05) + (self.chance.expovariate(1) if self.chance.random() < 0.05 else 0)
        )
        if self.is_away or fails:
            raise Unreachable("lost")
        return dict(json.loads(answer))


class ModelWire:
    """One connection, as the client sees it (chat4all_client.live.wire.Wire)."""

    def __init__(self, network: Network, user_id: str, token: str) -> None:
        self.user_id = user_id
        self._network = network
        self._gateway = Gateway(network.server, user_id, token, self._in_order)
        self._inbox: asyncio.Queue[str | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._last = 0.0
        """When the last frame in order arrives."""
        self.is_open = True

    async def send(self, text: str) -> None:
        """A request: it is worked at beside others."""
        if not self.is_open:
            raise WireClosed("closed")
        if self._falls():
            self.drop()
            raise WireClosed("dropped")
        task = asyncio.create_task(self._work(json.loads(text)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def receive(self) -> str | bytes:
        text = await self._inbox.get()
        if text is None:
            self._inbox.put_nowait(None)
            raise WireClosed("closed")
        return text

    async def close(self) -> None:
        self.drop()

    def drop(self) -> None:
        """It ends; what is on its way does not arrive."""
        if self.is_open:
            self.is_open = False
            self._network.wires.remove(self)
            while not self._inbox.empty():
                self._inbox.get_nowait()
            self._inbox.put_nowait(None)

    def tell(self, frame: Json) -> None:
        """An event: late, lost, doubled, out of order."""
        if self._gateway.is_expired:
            self._deliver(json.dumps(_expired()), 0.0)
            asyncio.get_running_loop().call_later(0.01, self.drop)
            return
        chance, faults = self._network.chance, self._network.faults
        text = json.dumps(self._fitted(frame))
        if chance.random() < faults.strange:
            self._deliver(chance.choice(STRANGE), 0.0)
        if chance.random() < faults.lost:
            return
        for _ in range(2 if chance.random() < faults.doubled else 1):
            self._deliver(text, chance.expovariate(2) if chance.random() < faults.disordered else 0.0)
        if self._falls():
            self.drop()

    async def _work(self, request: Json) -> None:
        await asyncio.sleep(self._network.chance.uniform(0.001, 0.02))
        if not self.is_open:
            return
        if self._gateway.is_expired:
            self._deliver(json.dumps(_expired()), 0.0)
            self._last += 0.01
            asyncio.get_running_loop().call_at(self._last, self.drop)
            return
        try:
            data = await self._gateway.answer(request["action"], request.get("data", {}))
            reply: Json = {"type": "ack", "id": request["id"], "data": data}
        except Refused as refused:
            reply = {"type": "error", "id": request["id"], "error": refused.problem}
            if refused.problem["code"] == "died":
                reply = {"message": "Internal server error", "connectionId": "x", "requestId": "y"}
        except ConnectionError:
            return
        with contextlib.suppress(ConnectionError):
            await self._in_order(reply)

    async def _in_order(self, frame: Json) -> None:
        """A frame that comes after those before it, or not at all: then nothing comes any more."""
        if self._falls():
            self.drop()
        if not self.is_open:
            raise ConnectionError("gone")
        self._deliver(json.dumps(self._fitted(frame)), 0.0)

    def _fitted(self, frame: Json) -> Json:
        """Without what is large, which is said (chat4all.domain.frame_fitting)."""
        if "seq" not in frame or self._network.chance.random() >= self._network.faults.truncated:
            return frame
        data = {name: value for name, value in frame["data"].items() if name not in ("content", "reactions")}
        return {**frame, "data": data | {"truncated": ["content", "reactions"]}}

    def _deliver(self, text: str, late_s: float) -> None:
        loop = asyncio.get_running_loop()
        at = loop.time() + self._network.chance.uniform(0.001, 0.01)
        if late_s:
            at += late_s
        else:
            self._last = at = max(self._last + 1e-6, at)
        several = self._network.chance.random() < 0.1
        loop.call_at(at, self._arrive, f"[{text}, {text}]" if several and text[0] == "{" and text[-1] == "}" else text)

    def _arrive(self, text: str) -> None:
        if self.is_open:
            self._inbox.put_nowait(text)

    def _falls(self) -> bool:
        return self._network.is_away or self._network.chance.random() < self._network.faults.dropped


class ModelSession:
    """A signed-in user of the model (chat4all_client.live.session.Session)."""

    def __init__(self, network: Network, user_id: str) -> None:
        self._network = network
        self._user_id = user_id
        self._token = network.server.token(user_id)

    async def token(self) -> str:
        return self._token

    async def renewed(self, refused: str) -> str:
        await asyncio.sleep(0.01)
        if self._network.is_away:
            raise Unreachable("lost")
        if self._user_id not in {user_id for user_id, _ in self._network.server.tokens.values()}:
            raise SignedOut("revoked")
        if self._token == refused:
            self._token = self._network.server.token(self._user_id)
        return self._token

    async def call(
        self, method: str, path: str, body: Json | None = None, *, key: str | None = None, patience_s: float = 0.0
    ) -> Json:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience_s
        while True:
            try:
                return await self._network.call(self._token, method, path, body)
            except Refused as refused:
                status = refused.problem["status"]
                if status == 401:
                    await self.renewed(self._token)
                    continue
                if status not in (429, 500, 503):
                    raise ApiError(status, refused.problem["code"], "refused", refused.problem) from None
                error = Unreachable(str(refused), refused.problem.get("retry_after") or 0.0)
            except Unreachable as unreachable:
                error = unreachable
            if loop.time() + 1 > deadline:
                raise error
            await asyncio.sleep(1)

    async def close(self) -> None:
        return


STRANGE = (
    "{",
    "[1]",
    '"text"',
    '{"type": "poll.created", "conversation_id": "c0", "seq": 1, "data": {}}',
    '{"type": "message.created", "conversation_id": "c0", "seq": "one", "data": {}}',
    '{"type": "message.created", "conversation_id": "c0", "seq": 1, "data": {"message_id": "\\ud800"}}',
    '{"type": "sync.done", "data": {"conversations": {"c0": -1}}}',
    '{"type": "ack", "id": "r0", "data": {}}',
    '{"message": "Forbidden", "connectionId": "x", "requestId": "y"}',
)


def _expired() -> Json:
    return {
        "type": "error",
        "id": None,
        "error": {"status": 401, "code": "token_expired", "detail": "The token has expired"},
    }
