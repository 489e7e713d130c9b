"""Updates reach the webhook in order, repeated until it takes them, whatever happens to the simulator in between."""

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot

from local.simulators import Simulators
from tests.local.simulators.conftest import NewPhone, Phone, Start

SECRET = "s3cret_-"


class Hook:
    """A webhook that refuses as often as `failures` says."""

    def __init__(self) -> None:
        self.failures = 0
        self.seen: list[tuple[str | None, dict[str, Any]]] = []
        self.taken: list[str] = []
        self.changed = asyncio.Condition()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        async with self.changed:
            self.seen.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update))
            refused = self.failures > 0
            self.failures -= refused
            if not refused:
                self.taken.append(update["message"]["text"])
            self.changed.notify_all()
        return web.Response(status=503 if refused else 200)

    async def until_taken(self, texts: list[str]) -> None:
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(lambda: len(self.taken) >= len(texts))
        assert self.taken == texts

    async def until_all(self, texts: set[str]) -> None:
        """In any order, however often."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(lambda: texts <= set(self.taken))

    async def until_none_waits(self, bot: Bot) -> None:
        async with asyncio.timeout(20):
            while (await bot.get_webhook_info()).pending_update_count:
                await asyncio.sleep(0.02)


@pytest.fixture
async def hook(cleanup: AsyncExitStack) -> Hook:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    cleanup.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    return hook


async def test_in_order_with_the_secret_and_repeated(bot: Bot, hook: Hook, new_phone: NewPhone) -> None:
    await bot.set_webhook(hook.url, secret_token=SECRET)
    phone = await new_phone()
    hook.failures = 3
    texts = [f"number {n}" for n in range(10)]
    for text in texts:
        await phone.says(text)
    await hook.until_taken(texts)
    assert {secret for secret, _ in hook.seen} == {SECRET}
    assert len(hook.seen) == 13
    assert len({update["update_id"] for _, update in hook.seen}) == 10


async def test_a_failing_webhook_is_reported(bot: Bot, hook: Hook, new_phone: NewPhone) -> None:
    await bot.set_webhook(hook.url)
    hook.failures = 1_000_000
    phone = await new_phone()
    await phone.says("hello?")
    async with asyncio.timeout(20), hook.changed:
        await hook.changed.wait_for(lambda: len(hook.seen) > 1)  # the second try: the first is written down
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
    assert info.pending_update_count == 1


async def test_only_kinds_that_were_asked_for(bot: Bot, hook: Hook, new_phone: NewPhone) -> None:
    await bot.set_webhook(hook.url, allowed_updates=["message"])
    phone = await new_phone()
    first = await phone.says("before")
    await phone.call("PATCH", f"{phone.chat}/messages/{first['message_id']}", {"text": "edited"})
    await phone.says("after")
    await hook.until_taken(["before", "after"])


async def test_what_is_pending_survives_a_stop(
    start: Start, simulators: Simulators, bot: Bot, hook: Hook, new_phone: NewPhone
) -> None:
    phone = await new_phone()
    for text in ("one", "two"):
        await phone.says(text)
    await simulators.stop()
    again = await start()
    async with Bot(bot.token, base_url=f"{again.url}/telegram/bot") as later:
        await later.set_webhook(hook.url)
        await hook.until_taken(["one", "two"])


_PROGRAM = """
import asyncio, sys
from pathlib import Path
from local.simulators import start_simulators
async def main():
    simulators = await start_simulators("127.0.0.1", 0, Path(sys.argv[1]), rate_limits=False)
    print(simulators.url, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


async def test_kill_9_loses_no_update_and_no_chat(
    tmp_path: Path, start: Start, http: aiohttp.ClientSession, hook: Hook
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM, str(tmp_path / "simulators"), stdout=asyncio.subprocess.PIPE, cwd=Path.cwd()
    )
    try:
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        token = "77:" + "k" * 35
        async with http.get(f"{url}/telegram/bot{token}/getMe") as response:
            assert response.status == 200
        phone = Phone(http, f"{url}/phones/api", {}, 77)
        _, phone.person = await phone.call("POST", f"{phone.api}/phones", {"first_name": "Ann"})
        texts = [f"{n}" for n in range(20)]
        for text in texts:
            await phone.says(text)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    again = await start()
    phone.api = f"{again.url}/phones/api"
    assert [m["text"] for m in await phone.messages()] == texts
    async with http.post(f"{again.url}/telegram/bot{token}/setWebhook", json={"url": hook.url}) as response:
        assert response.status == 200
    await hook.until_taken(texts)
