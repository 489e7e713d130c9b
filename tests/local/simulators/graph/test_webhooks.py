"""Webhooks: handshake, signature, retries, and what the settings do to them. Nothing is lost, whatever happens."""

import asyncio
import hashlib
import hmac
import os
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.simulators import Simulators
from tests.local.simulators.conftest import Start
from tests.local.simulators.graph.conftest import CHANNELS, SECRET, VERIFY, Hook, Line, Talk, make_account


def texts(hook: Hook) -> list[str]:
    """What people have written, as it was taken."""
    found = []
    for event in hook.events():
        messages = event.get("messages") or [event.get("message", {})]
        found += [m["text"]["body"] if isinstance(m.get("text"), dict) else m.get("text", "") for m in messages]
    return found


async def until_texts(hook: Hook, count: int) -> list[str]:
    await hook.until(lambda _: len(texts(hook)) >= count)
    return texts(hook)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_handshake_echoes_the_challenge_raw(
    simulators: Simulators, http: aiohttp.ClientSession, hook: Hook, channel: str
) -> None:
    line = await make_account(http, simulators.url, channel, None)
    url = f"{line.phones}/accounts/{line.account['id']}/webhook"
    for change, words in (
        ({"verify_token": "wrong"}, "403"),
        ({"url": hook.url + "/none"}, "404"),
        ({"url": "ftp://x"}, "no http(s) URL"),
        ({"url": "http://127.0.0.1:1/x"}, "ClientConnectorError"),
        ({"fields": ["feed"]}, "must be one of"),
    ):
        status, answer = await line.call("PUT", url, {"url": hook.url, "verify_token": VERIFY} | change)
        assert (status, words in answer["error"]) == (422, True), answer
    hook.challenge = lambda challenge: f'"{challenge}"'
    status, answer = await line.call("PUT", url, {"url": hook.url})
    assert (status, "echoed raw" in answer["error"]) == (422, True)
    hook.challenge = lambda challenge: challenge
    account = await line.done("PUT", url, {"url": hook.url, "verify_token": VERIFY})
    assert account["webhook_url"] == hook.url
    assert "messages" in account["fields"]


async def test_the_bytes_are_signed_as_they_are(talk: Talk, hook: Hook) -> None:
    line = await talk("messenger")
    await line.says("Córdoba 👋 a/b")
    await until_texts(hook, 2)
    raw = hook.raw[-1]
    assert raw.isascii()
    assert b"a\\/b" in raw
    assert b"C\\u00f3rdoba" in raw
    assert hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_failed_bodies_come_again(talk: Talk, hook: Hook, channel: str) -> None:
    line = await talk(channel)
    await until_texts(hook, 1)
    hook.failures = 5
    wanted = [f"number {n}" for n in range(10)]
    for text in wanted:
        await line.says(text)
    assert sorted((await until_texts(hook, 11))[1:]) == wanted
    assert len(hook.tried) == 16
    state = await line.done("GET", f"{line.phones}/accounts/{line.account['id']}/webhooks")
    assert state["last_error"] == "the webhook answered 503 Service Unavailable"
    assert [one["outcome"] for one in state["items"]].count("200") == 11


async def test_duplicates_disorder_and_lost_attempts(talk: Talk, hook: Hook) -> None:
    line = await talk("whatsapp")
    await until_texts(hook, 1)
    await line.settings(seed=7, duplicates=1, drop_first=1)
    await line.says("twice")
    assert await until_texts(hook, 3) == ["hi", "twice", "twice"]
    await line.settings(duplicates=0, drop_first=0, disorder=0.5, delay_s=0.01, seed=7)
    wanted = [str(n) for n in range(20)]
    for text in wanted:
        await line.says(text)
    found = (await until_texts(hook, 23))[3:]
    assert sorted(found) == sorted(wanted)
    assert found != wanted


@pytest.mark.parametrize("channel", CHANNELS)
async def test_several_events_in_a_body(talk: Talk, hook: Hook, channel: str) -> None:
    line = await talk(channel)
    await until_texts(hook, 1)
    url = f"{line.phones}/accounts/{line.account['id']}"
    await line.settings(batch=10, webhook_timeout_s=60)
    hook.open.clear()
    for n in range(6):
        await line.says(str(n))
    hook.open.set()
    assert (await until_texts(hook, 7))[1:] == [str(n) for n in range(6)]
    first = hook.bodies[-1]["entry"][0]
    parts = first["changes"][0]["value"]["messages"] if channel == "whatsapp" else first["messaging"]
    assert len(parts) >= 2
    assert len(hook.bodies) == 3
    assert (await line.done("GET", url + "/webhooks"))["pending"] == 0


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
async def test_repeated_failures_end_in_unsubscription(talk: Talk, hook: Hook, channel: str) -> None:
    line = await talk(channel)
    await until_texts(hook, 1)
    await line.settings(unsubscribe_after_s=0)
    hook.failures = 1_000
    await line.says("hello?")
    async with asyncio.timeout(20), hook.changed:
        await hook.changed.wait_for(lambda: len(hook.tried) >= 3)
    url = f"{line.phones}/accounts/{line.account['id']}"
    async with asyncio.timeout(20):
        while (account := await line.done("GET", url))["fields"]:
            await asyncio.sleep(0.01)
    assert account["last_error"].startswith("unsubscribed after repeated failures")


async def test_subscriptions_over_the_graph_api(
    simulators: Simulators, http: aiohttp.ClientSession, hook: Hook
) -> None:
    line = await make_account(http, simulators.url, "messenger", None, app_id="77")
    app_token = {"access_token": f"77|{SECRET}"}
    wanted = {"object": "page", "callback_url": hook.url, "verify_token": VERIFY, "fields": "messages,message_edits"}
    url = f"{line.url}/graph/v26.0/77/subscriptions"
    status, answer = await line.call("POST", url, wanted | {"verify_token": "no"} | app_token)
    assert (status, answer["error"]["code"]) == (400, 2200)
    assert await line.call("POST", url, wanted | app_token) == (200, {"success": True})
    _, listed = await line.call("GET", url, params=app_token)
    assert listed["data"][0]["callback_url"] == hook.url
    account = line.account["id"]
    assert (await line.graph("POST", "77/subscriptions", wanted))[0] == 400
    _, apps = await line.graph("GET", f"{account}/subscribed_apps")
    assert apps["data"][0]["subscribed_fields"] == ["messages", "message_edits"]
    status, answer = await line.graph("POST", f"{account}/subscribed_apps", {"subscribed_fields": "feed"})
    assert (status, answer["error"]["code"]) == (400, 100)
    assert await line.graph("DELETE", f"{account}/subscribed_apps") == (200, {"success": True})
    person = await line.new_person()
    await person.says("unheard")
    assert await line.graph("POST", f"{account}/subscribed_apps", {"subscribed_fields": ["messages"]}) == (
        200,
        {"success": True},
    )
    await person.says("heard")
    assert await until_texts(hook, 1) == ["heard"]


async def test_a_number_s_own_webhook(simulators: Simulators, http: aiohttp.ClientSession, hook: Hook) -> None:
    line = await make_account(http, simulators.url, "whatsapp", None)
    own = {"webhook_configuration": {"override_callback_uri": hook.url, "verify_token": VERIFY}}
    assert await line.graph("POST", line.account["id"], own) == (200, {"success": True})
    await (await line.new_person()).says("heard")
    assert await until_texts(hook, 1) == ["heard"]
    waba = line.account["waba_id"]
    override = {"override_callback_uri": hook.url, "verify_token": VERIFY}
    assert await line.graph("POST", f"{waba}/subscribed_apps", override) == (200, {"success": True})
    _, apps = await line.graph("GET", f"{waba}/subscribed_apps")
    assert apps["data"][0]["whatsapp_business_api_data"]["id"] == line.account["app_id"]


async def test_what_is_pending_survives_a_stop(start: Start, simulators: Simulators, talk: Talk, hook: Hook) -> None:
    line = await talk("instagram")
    await until_texts(hook, 1)
    hook.failures = 1_000_000
    for text in ("one", "two"):
        await line.says(text)
    await simulators.stop()
    hook.failures = 0
    line.url = (await start()).url
    assert sorted((await until_texts(hook, 3))[1:]) == ["one", "two"]


_PROGRAM = """
import asyncio, sys
from pathlib import Path
from local.simulators import start_simulators
async def main():
    simulators = await start_simulators("127.0.0.1", 0, Path(sys.argv[1]), rate_limits=False, first_retry_s=0.01)
    print(simulators.url, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


async def test_kill_9_loses_no_event_and_no_message(
    tmp_path: Path, start: Start, http: aiohttp.ClientSession, hook: Hook
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM, str(tmp_path / "simulators"), stdout=asyncio.subprocess.PIPE, cwd=Path.cwd()
    )
    lines: list[Line] = []
    said: dict[str, list[str]] = {}
    try:
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
        for channel in CHANNELS:
            account = await make_account(http, url, channel, hook)
            hook.failures = 1_000_000
            line = await account.new_person()
            said[channel] = [f"{channel} {n}" for n in range(10)]
            for text in said[channel]:
                await line.says(text)
            lines.append(line)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    hook.failures = 0
    again = await start()
    for line in lines:
        line.url = again.url
        assert [one["text"] for one in await line.messages()] == said[line.account["channel"]]
    found = await until_texts(hook, 30)
    assert set(found) == {text for one in said.values() for text in one}


async def test_a_webhook_that_is_taken_away_hears_nothing(talk: Talk, hook: Hook) -> None:
    line = await talk("whatsapp")
    await until_texts(hook, 1)
    account: dict[str, Any] = await line.done("DELETE", f"{line.phones}/accounts/{line.account['id']}/webhook")
    assert (account["webhook_url"], account["fields"]) == ("", [])
    await line.says("unheard")
    state = await line.done("GET", f"{line.phones}/accounts/{line.account['id']}/webhooks")
    assert state["pending"] == 0
