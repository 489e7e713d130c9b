"""A running simulator, a person's hands (the phones' API), and python-telegram-bot's own client."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, AsyncExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest

from local.simulators import Simulators, start_simulators

TOKEN = "4242:" + "a" * 35


def refused(words: str) -> AbstractContextManager[object]:
    """A call that the Bot API refuses with words; python-telegram-bot changes the case of some."""
    return pytest.raises(BadRequest, match=re.compile(re.escape(words), re.IGNORECASE))


@dataclass
class Phone:
    """One person's phone, in a chat with one bot."""

    http: aiohttp.ClientSession
    api: str
    person: dict[str, Any]
    bot_id: int

    @property
    def id(self) -> int:
        return int(self.person["id"])

    @property
    def chat(self) -> str:
        return f"{self.api}/phones/{self.id}/chats/{self.bot_id}"

    async def call(self, method: str, url: str, body: Any = None) -> tuple[int, Any]:
        async with self.http.request(method, url, json=body) as response:
            return response.status, await response.json()

    async def says(self, text: str, **more: Any) -> dict[str, Any]:
        status, message = await self.call("POST", f"{self.chat}/messages", {"text": text, **more})
        assert status == 201, message
        return dict(message)

    async def uploads(self, data: bytes, name: str) -> str:
        """The media_id of a file on the phone."""
        url = f"{self.api}/phones/{self.id}/uploads/{name}"
        async with self.http.put(url, data=BytesIO(data)) as response:
            assert response.status == 201, await response.text()
            return str((await response.json())["media_id"])

    async def sends(self, data: bytes, name: str, kind: str, **more: Any) -> dict[str, Any]:
        media = {"media_id": await self.uploads(data, name), "type": kind, **more}
        status, message = await self.call("POST", f"{self.chat}/messages", {"media": media})
        assert status == 201, message
        return dict(message)

    async def messages(self) -> list[dict[str, Any]]:
        return list((await self.call("GET", f"{self.chat}/messages"))[1]["items"])


Start = Callable[..., Awaitable[Simulators]]
NewPhone = Callable[..., Awaitable[Phone]]


@pytest.fixture
async def cleanup() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def start(tmp_path: Path, cleanup: AsyncExitStack) -> Start:
    """Starts simulators on a free port, on the same data each time."""

    async def begin(port: int = 0, **options: Any) -> Simulators:
        options = {"rate_limits": False, "first_retry_s": 0.01} | options
        simulators = await start_simulators("127.0.0.1", port, tmp_path / "simulators", **options)
        cleanup.push_async_callback(simulators.stop)
        return simulators

    return begin


@pytest.fixture
async def simulators(start: Start) -> Simulators:
    return await start()


@pytest.fixture
async def http(cleanup: AsyncExitStack) -> aiohttp.ClientSession:
    return await cleanup.enter_async_context(aiohttp.ClientSession())


@pytest.fixture
async def bot(simulators: Simulators, cleanup: AsyncExitStack) -> Bot:
    """python-telegram-bot's client, which has called getMe."""
    return await cleanup.enter_async_context(
        Bot(TOKEN, base_url=f"{simulators.url}/telegram/bot", base_file_url=f"{simulators.url}/telegram/file/bot")
    )


@pytest.fixture
async def new_phone(simulators: Simulators, http: aiohttp.ClientSession, bot: Bot) -> NewPhone:
    async def make(first_name: str = "Ann", **more: Any) -> Phone:
        phone = Phone(http, f"{simulators.url}/phones/api", {}, bot.id)
        status, phone.person = await phone.call("POST", f"{phone.api}/phones", {"first_name": first_name, **more})
        assert status == 201
        return phone

    return make
