"""What people write and where they can be reached: it goes the whole way, also where it is refused, and no log has any of it."""

import asyncio
import json
import random
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx

from local.data_folder import DataFolder
from tests.e2e.people import DEADLINE_S, Person
from tests.e2e.phones import phone, shop


class Words:
    """Canaries."""

    def __init__(self) -> None:
        self.all: set[str] = set()

    def word(self) -> str:
        """Something that somebody writes."""
        return self._new(f"said-{uuid.uuid4().hex}")

    def address(self) -> str:
        """An e-mail address."""
        return self._new(f"mail-{uuid.uuid4().hex[:12]}@example.com")

    def number(self) -> str:
        """A telephone number, without its plus."""
        return self._new(f"55{random.randrange(10**10, 10**11)}")

    def _new(self, text: str) -> str:
        self.all.add(text)
        return text


async def written(ana: Person, others: Sequence[Person], console: httpx.AsyncClient, words: Words) -> None:
    """Messages in each form, by the app, by a socket and by Telegram; names, titles, addresses; and what is refused."""
    named = {"title": words.word(), "metadata": {"x": words.word()}}
    conversation = await ana.conversation(*others, **named)
    sent = await ana.send(conversation, words.word(), metadata={"note": words.word()})
    await ana.http.patch(f"/v1/messages/{sent['message_id']}", json={"content": words.word()})
    await ana.http.patch("/v1/users/me", json={"display_name": words.word()})
    await _refused(ana, conversation, words)
    async with ana.online() as socket:
        await socket.request("send", conversation_id=conversation, type="text", content=words.word())
        await socket.request("send", conversation_id=conversation, type="text", content={"x": words.word()})
        await socket.connection.send(f'{{"action": "send", "data": {{"content": "{words.word()}"')
        bot = await shop(console, ana)
        carla = await phone(console, bot)
        said = words.word()
        await carla.write(said)
        heard = await socket.event("message.created", content=said)
    answer = words.word()
    await ana.send(heard["conversation_id"], answer)
    await carla.receives(answer)
    path = f"/channels/telegram/{bot['account']['id']}/webhook"
    await ana.http.post(path, json={"update_id": 1, "message": {"text": words.word(), "chat": words.number()}})


async def _refused(person: Person, conversation: str, words: Words) -> None:
    http, send = person.http, {"conversation_id": conversation, "type": "text"}
    email = words.address()
    taken = {"username": person.username, "email": email, "password": "correct horse battery"}
    answers = [
        await http.post("/v1/messages", json=send | {"content": {"text": words.word()}}),
        await http.post("/v1/messages", json=send | {"content": words.word() * 2_000}),
        await http.post("/v1/messages", json=send | {"content": words.word(), "reply_to": words.word()}),
        await http.post("/v1/messages", json=send | {"conversation_id": words.word(), "content": words.word()}),
        await http.post("/v1/messages", json=send | {"content": "x", "metadata": {"x": words.word() * 2_000}}),
        await http.post("/v1/messages", json=send | {"type": words.word(), "content": "x"}),
        await http.post("/v1/messages", content=f'{{"content": "{words.word()}", '),
        await http.post("/v1/users", json=taken),
        await http.post("/v1/users", json=taken | {"email": words.word()}),
        await http.put("/v1/users/me/identities/whatsapp", json={"address": words.number()}),
        await http.put("/v1/users/me/identities/whatsapp", json={"phone": f"+{words.number()}"}),
        await http.post(
            "/v1/files/initiate", json={"filename": words.word(), "size": -1, "content_type": "text/plain"}
        ),
        await http.get("/v1/users", params={"username": words.word(), "limit": words.word()}),
    ]
    assert all(answer.status_code < 500 for answer in answers), [answer.text for answer in answers]
    assert sum(answer.status_code >= 400 for answer in answers) >= 11


async def logs_of(data: Path, service: str) -> list[tuple[str, str]]:
    """Every line of every log, once `service` has said something; JSON is undone, so that nothing hides in escapes."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        lines = list(_lines(DataFolder(data).logs))
        if any(f'"service":"{service}"' in text for _, text in lines):
            return lines
        assert time.monotonic() < deadline, f"{service} has logged nothing"
        await asyncio.sleep(0.1)


def _lines(logs: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(logs.rglob("*.log*")):
        if path.is_file():
            for line in path.read_text(errors="replace").splitlines():
                yield path.name, line + (repr(json.loads(line)) if line.startswith("{") and line.endswith("}") else "")
