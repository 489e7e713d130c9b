"""People with Telegram on their phones, and bots that they talk to, in the stack's simulator."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.e2e.people import DEADLINE_S, Person, ok


@dataclass
class Phone:
    """A person with Telegram on their phone, and one bot to talk to."""

    http: httpx.AsyncClient
    id: int
    bot: int

    @property
    def chat(self) -> str:
        return f"/phones/api/phones/{self.id}/chats/{self.bot}"

    async def write(self, text: str, **fields: Any) -> dict[str, Any]:
        return ok(await self.http.post(f"{self.chat}/messages", json={"text": text, **fields}), 201)

    async def messages(self) -> list[dict[str, Any]]:
        return list(ok(await self.http.get(f"{self.chat}/messages"), 200)["items"])

    async def receives(self, text: str) -> dict[str, Any]:
        """Poll until the bot has said `text`."""

        def found(messages: list[dict[str, Any]]) -> dict[str, Any] | None:
            return next((m for m in messages if m["from"] == "bot" and m.get("text") == text), None)

        shown: dict[str, Any] = await self.sees(found)
        return shown

    async def sees(self, found: Callable[[list[dict[str, Any]]], Any]) -> Any:
        """Poll until `found` makes something of the messages that the phone shows; that."""
        deadline = time.monotonic() + DEADLINE_S
        while not (result := found(messages := await self.messages())):
            assert time.monotonic() < deadline, messages
            await asyncio.sleep(0.05)
        return result


async def shop(console: httpx.AsyncClient, owner: Person, conversation: str = "by_contact") -> dict[str, Any]:
    """A bot, and the owner's account for it."""
    bot = ok(await console.post("/phones/api/bots", json={"name": "Shop"}), 201)
    settings = {
        "bot_token": bot["token"],
        "api_base": f"{console.base_url}/telegram".replace("//telegram", "/telegram"),
    }
    body = {"channel": "telegram", "name": "Shop", "settings": settings, "inbound": {"conversation": conversation}}
    account = ok(await owner.http.post("/v1/accounts", json=body), 201)
    assert bot["token"] not in str(account)
    return bot | {"account": account}


async def phone(console: httpx.AsyncClient, bot: dict[str, Any], name: str = "Carla") -> Phone:
    person = ok(await console.post("/phones/api/phones", json={"first_name": name}), 201)
    return Phone(console, person["id"], bot["id"])
