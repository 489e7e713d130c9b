"""The phones' API and pages."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from local.simulators import Simulators
from tests.local.simulators.conftest import NewPhone, Start


async def _events(response: aiohttp.ClientResponse, count: int) -> list[tuple[str, Any]]:
    """The next `count` server-sent events as (name, data)."""
    found: list[tuple[str, Any]] = []
    name = ""
    async with asyncio.timeout(20):
        async for line in response.content:
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                found.append((name, json.loads(value)))
                if len(found) == count:
                    break
    return found


async def test_changes_come_live_and_resume_without_a_gap(
    simulators: Simulators, bot: Bot, http: aiohttp.ClientSession, new_phone: NewPhone
) -> None:
    phone = await new_phone()
    mine = await phone.says("hi")
    url = f"{phone.api}/phones/{phone.id}/events"
    async with http.get(url) as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        await response.content.readline()
        await bot.send_chat_action(phone.id, "typing")
        await bot.send_message(phone.id, "hello")
        live = await _events(response, 2)
    assert live[0] == ("action", {"bot_id": bot.id, "action": "typing"})
    assert live[1][1]["text"] == "hello"
    async with http.get(url, headers={"Last-Event-ID": str(mine["revision"])}) as response:
        assert (await _events(response, 1))[0][1]["text"] == "hello"


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("POST", "/phones", {}, "first_name"),
        ("POST", "/phones", {"first_name": "x" * 65}, "first_name"),
        ("POST", "/phones/1/chats/4242/messages", {"text": "x"}, "no such phone"),
        ("POST", "/phones/{id}/chats/1/messages", {"text": "x"}, "no such bot"),
        ("POST", "/phones/{id}/chats/4242/messages", {"text": " "}, "text must be"),
        ("POST", "/phones/{id}/chats/4242/messages", {"text": "x" * 4097}, "4096"),
        ("POST", "/phones/{id}/chats/4242/messages", {"location": {"latitude": 91, "longitude": 0}}, "latitude"),
        ("POST", "/phones/{id}/chats/4242/messages", {"contact": {"first_name": "A"}}, "phone_number"),
        ("POST", "/phones/{id}/chats/4242/messages", {"text": "x", "reply_to_message_id": 9}, "reply_to_message_id"),
        ("PUT", "/phones/{id}/chats/4242/block", None, "not been started"),
        ("PUT", "/settings", {"rate_limits": "no"}, "rate_limits"),
    ],
)
async def test_bad_input_says_what_is_wrong(
    new_phone: NewPhone, method: str, path: str, body: dict[str, Any] | None, words: str
) -> None:
    phone = await new_phone()
    status, answer = await phone.call(method, phone.api + path.replace("{id}", str(phone.id)), body)
    assert status in (400, 404, 409)
    assert words in answer["error"]


async def test_another_site_cannot_write(simulators: Simulators, http: aiohttp.ClientSession) -> None:
    url = f"{simulators.url}/phones/api/phones"
    async with http.post(url, data='{"first_name": "Eve"}', headers={"Content-Type": "text/plain"}) as response:
        assert response.status == 415


async def test_a_bot_made_here_has_a_working_token(simulators: Simulators, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{simulators.url}/phones/api/bots", json={"name": "Corner shop"}) as response:
        made = await response.json()
    async with Bot(made["token"], base_url=f"{simulators.url}/telegram/bot") as bot:
        assert bot.first_name == "Corner shop"
    async with http.get(f"{simulators.url}/phones/api/bots") as response:
        assert "token" not in (await response.json())["items"][0]


async def test_a_revoked_token_is_refused_and_the_new_one_is_the_same_bots(
    simulators: Simulators, http: aiohttp.ClientSession
) -> None:
    async with http.post(f"{simulators.url}/phones/api/bots", json={"name": "Corner shop"}) as response:
        made = await response.json()
    async with http.post(f"{simulators.url}/phones/api/bots/{made['id']}/token", json={}) as response:
        token = (await response.json())["token"]
    async with http.get(f"{simulators.url}/telegram/bot{made['token']}/getMe") as response:
        assert response.status == 401
    async with Bot(token, base_url=f"{simulators.url}/telegram/bot") as bot:
        assert bot.id == made["id"]


async def test_pages_have_no_inline_scripts(simulators: Simulators, http: aiohttp.ClientSession) -> None:
    async with http.get(simulators.url + "/phones") as response:
        assert response.status == 200
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        text = await response.text()
    assert "<title>" in text
    assert "<style" not in text
    assert "onclick" not in text


async def test_a_taken_port_is_an_error_and_leaves_nothing_open(simulators: Simulators, start: Start) -> None:
    with pytest.raises(OSError, match="in use"):
        await start(port=simulators.port)
