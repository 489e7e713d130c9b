"""A user of the app as the workload drives them: each request is recorded, whatever becomes of it."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp
import orjson

from tests.chaos.history import Call, Outcome, Recorder, reactions_text

PASSWORD = "correct horse battery"
ANSWER_WITHIN_S = 12.0
"""A client's patience: the answer to a later one is lost."""
BEGIN_WITHIN_S = 60.0
LOST = (aiohttp.ClientError, TimeoutError, OSError, ConnectionError)


@dataclass(frozen=True, slots=True)
class Answer:
    """Of the HTTP API; code 0 where none came."""

    code: int
    body: Any = None
    retry_after_s: float = 0.0

    @property
    def outcome(self) -> Outcome:
        if 200 <= self.code < 300:
            return "ok"
        return "refused" if 400 <= self.code < 500 else "unknown"


@dataclass
class Person:
    """Signed in, with an HTTP session of their own."""

    urls: Mapping[str, str]
    """World.urls: looked at with each request."""
    recorder: Recorder
    session: aiohttp.ClientSession
    name: str
    id: str = ""
    token: str = ""
    _username: str = field(default_factory=lambda: f"p-{uuid.uuid4().hex[:12]}")

    @classmethod
    async def register(
        cls, urls: Mapping[str, str], recorder: Recorder, session: aiohttp.ClientSession, name: str
    ) -> "Person":
        """Register and sign in; fails with what was answered."""
        person = cls(urls, recorder, session, name)
        body = {"username": person._username, "email": f"{person._username}@example.com", "password": PASSWORD}
        person.id = (await person.create("/v1/users", body))["id"]
        async with asyncio.timeout(BEGIN_WITHIN_S):
            while not await person.sign_in():
                await asyncio.sleep(0.2)
        return person

    async def create(self, path: str, body: Any) -> dict[str, Any]:
        """POST until it is answered 201, before anything is broken: a busy machine may be answered 503."""
        async with asyncio.timeout(BEGIN_WITHIN_S):
            while (answer := await self.request("POST", path, body)).code == 503:
                await asyncio.sleep(answer.retry_after_s / 2)
        assert answer.code == 201, answer
        return dict(answer.body)

    async def sign_in(self) -> bool:
        """A new access token; False where none could be had."""
        data = {"username": self._username, "password": PASSWORD}
        try:
            async with self.session.post(f"{self.urls['http']}/token", data=data) as response:
                if response.status == 200:
                    self.token = orjson.loads(await response.read())["access_token"]
                    return True
        except LOST:
            pass
        return False

    async def request(self, method: str, path: str, body: Any = None) -> Answer:
        """One request; what cannot be had is an answer with code 0."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        data = None
        if body is not None:
            headers["content-type"] = "application/json"
            data = orjson.dumps(body)
        try:
            async with self.session.request(method, self.urls["http"] + path, data=data, headers=headers) as response:
                read = await response.read()
                retry_after = float(response.headers.get("retry-after", 0))
                answer = Answer(response.status, _json(read), retry_after)
        except LOST:
            return Answer(0)
        if answer.code == 401 and self.id:
            await self.sign_in()
            return Answer(0, answer.body)  # to be tried again
        return answer

    async def send(
        self,
        conversation: str,
        message_id: str,
        content: str,
        reply_to: str | None = None,
        cut_after_s: float | None = None,
    ) -> Call:
        """POST /v1/messages, recorded. With `cut_after_s` the client is gone after that time: the answer is lost."""
        body = {"conversation_id": conversation, "type": "text", "content": content, "message_id": message_id}
        if reply_to:
            body["reply_to"] = reply_to
        begin = self.recorder.now()
        answer = await self._cut(self.request("POST", "/v1/messages", body), cut_after_s)
        seq = answer.body.get("seq") if answer.outcome == "ok" else None
        return self.record(
            "send", conversation, begin, answer, message_id=message_id, content=content, reply_to=reply_to, seq=seq
        )

    def record(self, op: str, conversation: str, begin: float, answer: Answer, **more: Any) -> Call:
        """Write a call that has just been answered."""
        call = Call(op, self.id, conversation, begin, self.recorder.now(), answer.outcome, answer.code, **more)
        self.recorder.add(call)
        return call

    async def edit(self, conversation: str, message_id: str, content: str) -> Call:
        """PATCH /v1/messages/{id}."""
        begin = self.recorder.now()
        answer = await self.request("PATCH", f"/v1/messages/{message_id}", {"content": content})
        return self.record("edit", conversation, begin, answer, message_id=message_id, content=content)

    async def react(self, conversation: str, message_id: str, emoji: str, *, remove: bool) -> Call:
        """PUT or DELETE …/reactions/{emoji}."""
        begin = self.recorder.now()
        answer = await self.request("DELETE" if remove else "PUT", f"/v1/messages/{message_id}/reactions/{emoji}")
        op = "unreact" if remove else "react"
        return self.record(op, conversation, begin, answer, message_id=message_id, content=emoji)

    async def receipt(self, conversation: str, read_seq: int, expected: Outcome | None = None) -> Call:
        """POST …/receipts."""
        begin = self.recorder.now()
        answer = await self.request("POST", f"/v1/conversations/{conversation}/receipts", {"read_seq": read_seq})
        through = answer.body.get("read_seq") if answer.outcome == "ok" else None
        return self.record("receipt", conversation, begin, answer, seq=read_seq, through=through, expected=expected)

    async def join(self, conversation: str, other: "Person") -> Call:
        """Add `other` to a group."""
        begin = self.recorder.now()
        answer = await self.request("POST", f"/v1/conversations/{conversation}/members", {"user_id": other.id})
        return self.record("join", conversation, begin, answer, user=other.id)

    async def leave(self, conversation: str) -> Call:
        """Leave a group."""
        begin = self.recorder.now()
        answer = await self.request("DELETE", f"/v1/conversations/{conversation}/members/{self.id}")
        return self.record("leave", conversation, begin, answer, user=self.id)

    async def status(self, conversation: str, message_id: str) -> Call:
        """GET /v1/messages/{id}/status."""
        begin = self.recorder.now()
        answer = await self.request("GET", f"/v1/messages/{message_id}/status")
        status = answer.body.get("status") if answer.outcome == "ok" else None
        return self.record("status", conversation, begin, answer, message_id=message_id, status=status)

    async def page(self, conversation: str, after: int, limit: int = 50) -> Call:
        """A page of the history after a number, as a client that catches up by HTTP reads it."""
        begin = self.recorder.now()
        answer = await self.request("GET", f"/v1/conversations/{conversation}/messages?after_seq={after}&limit={limit}")
        read: dict[str, Any] = {}
        if answer.outcome == "ok":
            seqs = [item["seq"] for item in answer.body["items"]]
            shown = [*answer.body["items"], *(change["message"] for change in answer.body["changes"])]
            changed = [item for item in shown if "edited_at" in item or item.get("reactions")]
            told = [
                (item["message_id"], item["content"], reactions_text(item.get("reactions", {}))) for item in changed
            ]
            read = {"seqs": seqs, "through": answer.body["complete_through"], "told": told or None}
        return self.record("page", conversation, begin, answer, after=after, **read)

    async def _cut(self, request: Any, after_s: float | None) -> Answer:
        if after_s is None:
            answer: Answer = await request
            return answer
        task = asyncio.ensure_future(request)
        done, _ = await asyncio.wait([task], timeout=after_s)
        if done:
            return Answer(0)  # it came, but the client has forgotten it: as if it were lost
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return Answer(0)


def new_message_id(random: Random) -> str:
    """A UUIDv4 of the run's own chance, so that a seed names its messages."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def new_session() -> aiohttp.ClientSession:
    """For all requests of the workload: connections are kept, and none waits for another."""
    timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout)


def _json(read: bytes) -> Any:
    try:
        return orjson.loads(read) if read else None
    except ValueError:
        return None
