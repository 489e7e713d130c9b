"""A recipient who is only on Telegram: a phone of the stack's simulator, and the business's bot it talks to."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from tests.chaos.history import EMOJIS, Call, OnPhone
from tests.chaos.person import Answer, Person

_NAME = re.compile(r"^p-[0-9a-f]{12}: ")
"""Of a person of the crowd."""


@dataclass
class Phone:
    """`shop` owns the bot's account; the phone's guest is a member of `conversation` once they have written."""

    shop: Person
    name: str
    bot: int
    number: int
    conversation: str = ""

    @classmethod
    async def begin(cls, shop: Person, name: str, into: str | None = None) -> "Phone":
        """A bot, the shop's account for it, and a phone that has written to it once.

        Args:
            into: the group that those who write join; else each has a conversation with the shop.
        """
        console = shop.urls["console"]
        await _console(shop, "PUT", "/phones/api/settings", {"rate_limits": False})
        bot = await _console(shop, "POST", "/phones/api/bots", {"name": f"Shop {name}"})
        settings = {"bot_token": bot["token"], "api_base": f"{console}/telegram"}
        inbound = {"conversation": into or "by_contact"}
        body = {"channel": "telegram", "name": "Shop", "settings": settings, "inbound": inbound}
        await shop.create("/v1/accounts", body)
        person = await _console(shop, "POST", "/phones/api/phones", {"first_name": name})
        return cls(shop, name, bot["id"], person["id"], into or "")

    async def say(self, *, with_file: bool = False) -> Call:
        """A text from the phone, or a document with it: once the provider has it, it will be in the conversation."""
        recorder, content = self.shop.recorder, f"in {uuid.uuid4()}"
        body: dict[str, Any] = {"text": content}
        if with_file:
            path = f"/phones/api/phones/{self.number}/uploads/note.json"
            sent = await _console(self.shop, "PUT", path, {"note": content})
            body = {"media": {"media_id": sent["media_id"], "type": "document", "caption": content}}
        begin = recorder.now()
        answer = await self._request("POST", "/messages", body)
        call = Call(
            "say", self.name, self.conversation, begin, recorder.now(), answer.outcome, answer.code, content=content
        )
        recorder.add(call)
        return call

    async def shown(self) -> OnPhone:
        """All that people say on the phone, without their names, and without the texts that stand for reactions."""
        answer = await self._request("GET", "/messages")
        assert answer.code == 200, answer
        items = [[m["message_id"], _NAME.sub("", m.get("text", "")), m["from"]] for m in answer.body["items"]]
        said = [item for item in items if item[2] != "bot" or not set(item[1].split(" ")) <= set(EMOJIS)]
        return OnPhone(self.name, self.conversation, said)

    async def _request(self, method: str, path: str, body: Any = None) -> Answer:
        return await _raw(self.shop, method, f"/phones/api/phones/{self.number}/chats/{self.bot}{path}", body)


async def _console(person: Person, method: str, path: str, body: Any) -> Any:
    answer = await _raw(person, method, path, body)
    assert answer.outcome == "ok", answer
    return answer.body


async def _raw(person: Person, method: str, path: str, body: Any) -> Answer:
    """A request to the console, where the simulator is."""
    console = Person({"http": person.urls["console"]}, person.recorder, person.session, "console")
    return await console.request(method, path, body)
