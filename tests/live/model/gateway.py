"""The WebSocket API of the model: actions of one connection, and syncs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.live.model import history
from tests.live.model.entries import DELETE, EDIT, REACT
from tests.live.model.server import Refused, Server

Json = dict[str, Any]
SYNC_MAX = 30
"""Frames of one sync: few, so that there often is more."""
EXPIRING_S = 300
"""With less left each heartbeat is followed by `token.expiring`."""
_PAGE = 8


class Gateway:
    """Answers the requests of one connection. `push` sends it a frame, in order; raises ConnectionError where it is gone."""

    def __init__(self, server: Server, user_id: str, token: str, push: Callable[[Json], Awaitable[None]]) -> None:
        self._server = server
        self._user_id = user_id
        self._push = push
        self.expires_at = server.tokens[token][1]

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= self._server.now()

    async def answer(self, action: str, data: Json) -> Json:
        """Data of the ack; raises Refused."""
        server, user_id = self._server, self._user_id
        match action:
            case "send":
                return await server.send(user_id, data)
            case "edit":
                return await server.change(user_id, EDIT, data)
            case "delete":
                return await server.change(user_id, DELETE, data)
            case "react":
                return await server.change(user_id, REACT, data)
            case "receipt":
                marks = {name: seq for name, seq in data.items() if name != "conversation_id"}
                return server.receipt(user_id, data["conversation_id"], marks)
            case "typing":
                conversation = server.of(user_id, data["conversation_id"])
                told = {"user_id": user_id, "expires_in": 0 if data.get("stopped") else 6}
                server.tell(conversation, {"type": "typing", "data": told}, but=user_id)
                return {"expires_in": 6}
            case "heartbeat":
                answer = self._heartbeat(data)
                if self.expires_at - server.now() < EXPIRING_S:
                    told = {"type": "token.expiring", "data": {"expires_at": answer["token_expires_at"]}}
                    await self._push(told | {"time": server.time()})
                return answer
            case "sync":
                return await self._sync(data["conversations"])
        raise Refused(400, "unknown_action")

    def _heartbeat(self, data: Json) -> Json:
        server = self._server
        if "token" in data:
            if server.user_of(data["token"]) != self._user_id:
                raise Refused(401, "invalid_token")
            self.expires_at = max(self.expires_at, server.tokens[data["token"]][1])
        answer = {"time": server.time(), "interval": 30, "token_expires_at": server.time(self.expires_at)}
        if server.chance.random() < server.trouble:
            answer["sync"] = True
        if "conversation_id" in data:
            members = server.of(self._user_id, data["conversation_id"]).members
            answer["presence"] = [
                {"user_id": user_id, "status": "online", "expires_in": 90} for user_id in sorted(members)
            ]
        return answer

    async def _sync(self, wanted: Mapping[str, int]) -> Json:
        server, through, left = self._server, {}, SYNC_MAX
        for conversation_id, after in wanted.items():
            reached = after
            while True:
                await asyncio.sleep(server.chance.uniform(0, 0.02))
                try:
                    conversation = server.of(self._user_id, conversation_id)
                except Refused:
                    break
                if left <= 0:
                    through[conversation_id] = reached
                    break
                frames, complete, more = history.missed(conversation, reached, min(_PAGE, left))
                for frame in frames:
                    await self._push(frame)
                left -= len(frames)
                through[conversation_id], reached = complete, complete
                if not more:
                    break
            if server.chance.random() < server.trouble / 4:
                raise Refused(503, "broken_off", 1)
        mine = {c.id for c in server.conversations.values() if self._user_id in c.members}
        done = {"conversations": through, "other": sorted(mine - set(wanted)), "more": left <= 0}
        await self._push({"type": "sync.done", "time": server.time(), "data": done})
        return {"messages": SYNC_MAX - left}
