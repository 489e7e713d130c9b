"""People with WhatsApp, Messenger or Instagram on their phones, and the accounts that they write to, in the stack's simulator."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx

from tests.e2e.people import DEADLINE_S, Person, ok
from tests.e2e.running_stack import RunningStack

ROOT = "/phones/api/graph"
OWN_ID = {"whatsapp": "phone_number_id", "messenger": "page_id", "instagram": "ig_id"}


@dataclass
class GraphPhone:
    """A person's app in a chat with one account."""

    http: httpx.AsyncClient
    id: str
    number: str

    @property
    def chat(self) -> str:
        return f"{ROOT}/people/{self.id}/chats/{self.number}"

    async def write(self, text: str | None = None, **content: Any) -> dict[str, Any]:
        body = ({"text": text} if text else {}) | content
        return ok(await self.http.post(f"{self.chat}/messages", json=body), 201)

    async def upload(self, filename: str, content_type: str, data: bytes) -> str:
        """media_id of a file on the phone."""
        path = f"{ROOT}/people/{self.id}/uploads/{filename}"
        answer = await self.http.put(path, content=data, headers={"Content-Type": content_type})
        return str(ok(answer, 201)["media_id"])

    async def messages(self) -> list[dict[str, Any]]:
        return list(ok(await self.http.get(f"{self.chat}/messages"), 200)["items"])

    async def receives(self, **wanted: Any) -> dict[str, Any]:
        """Poll until the account has said something with these fields."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            messages = await self.messages()
            theirs = [message for message in messages if message["from"] == "account"]
            found = next((m for m in theirs if all(m.get(k) == v for k, v in wanted.items())), None)
            if found is not None:
                return found
            assert time.monotonic() < deadline, messages
            await asyncio.sleep(0.05)

    async def read(self) -> None:
        ok(await self.http.post(f"{self.chat}/read"), 200)


async def business(
    console: httpx.AsyncClient, owner: Person, channel: str, conversation: str = "by_contact", **settings: Any
) -> dict[str, Any]:
    """A number, page or profile, and the owner's account for it."""
    made = ok(await console.post(f"{ROOT}/accounts", json={"channel": channel, "name": "Shop"}), 201)
    secrets = {name: made[name] for name in ("access_token", "app_secret", "verify_token")}
    base = str(console.base_url).rstrip("/") + "/graph"
    body = {
        "channel": channel,
        "name": "Shop",
        "settings": secrets | {OWN_ID[channel]: made["id"], "api_base": base} | settings,
        "inbound": {"conversation": conversation},
    }
    account = ok(await owner.http.post("/v1/accounts", json=body), 201)
    assert not any(secret in str(account) for secret in secrets.values())
    return made | {"account": account}


async def pointed(
    stack: RunningStack, console: httpx.AsyncClient, owner: Person, channel: str, conversation: str = "by_contact"
) -> dict[str, Any]:
    """A page or profile, whose app's callback URL somebody has given in the App Dashboard: the handshake is made."""
    made = await business(console, owner, channel, conversation)
    url = f"{stack.url('http')}/channels/{channel}/{made['account']['id']}/webhook"
    ok(await console.put(f"{ROOT}/accounts/{made['id']}/webhook", json={"url": url}), 200)
    return made


async def graph_phone(console: httpx.AsyncClient, made: dict[str, Any], name: str = "Carla", **who: Any) -> GraphPhone:
    """Somebody new, who may write to that account."""
    body = {"channel": made["channel"], "name": name, **who}
    person = ok(await console.post(f"{ROOT}/people", json=body), 201)
    return GraphPhone(console, str(person["id"]), made["id"])
