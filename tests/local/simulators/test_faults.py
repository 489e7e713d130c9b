"""Failures of sends and the ways of webhooks, by setting and by seed."""

from typing import Any

import aiohttp
import pytest
from telegram import Bot

from local.simulators import Simulators
from tests.local.simulators.conftest import TOKEN, NewPhone, Phone
from tests.local.simulators.test_webhooks import Hook, hook

__all__ = ["hook"]


async def switch(phone: Phone, **settings: Any) -> dict[str, Any]:
    status, answer = await phone.call("PUT", f"{phone.api}/settings", settings)
    assert status == 200, answer
    return dict(answer)


async def send(simulators: Simulators, phone: Phone, text: str) -> int:
    """Status of a send; 0 where no answer came."""
    url = f"{simulators.url}/telegram/bot{TOKEN}/sendMessage"
    try:
        async with phone.http.post(url, json={"chat_id": phone.id, "text": text}) as response:
            answer = await response.json()
            if response.status == 429:
                assert answer["parameters"]["retry_after"] == int(response.headers["Retry-After"])
            return response.status
    except aiohttp.ClientError:
        return 0


@pytest.mark.parametrize(
    ("fault", "status", "accepted"),
    [("server_error", 502, False), ("too_many", 429, False), ("timeout", 0, False), ("lost_answer", 0, True)],
)
async def test_each_failure_of_a_send(
    simulators: Simulators, bot: Bot, new_phone: NewPhone, fault: str, status: int, accepted: bool
) -> None:
    phone = await new_phone()
    await phone.says("hi")
    await switch(phone, timeout_s=0, **{fault: 1})
    assert await send(simulators, phone, "lost?") == status
    assert (await bot.get_me()).id == bot.id, "only sends fail"
    await switch(phone, **{fault: 0})
    assert await send(simulators, phone, "safe") == 200
    assert [one["text"] for one in await phone.messages()] == ["hi", *(["lost?"] if accepted else []), "safe"]


async def test_the_same_seed_gives_the_same_failures(simulators: Simulators, bot: Bot, new_phone: NewPhone) -> None:
    phone = await new_phone()
    await phone.says("hi")
    runs = []
    for seed in (7, 7, 8):
        await switch(phone, seed=seed, server_error=0.3, too_many=0.2)
        runs.append([await send(simulators, phone, str(number)) for number in range(40)])
    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0]) == {200, 429, 502}


async def test_webhooks_come_twice_late_and_out_of_order(bot: Bot, hook: Hook, new_phone: NewPhone) -> None:
    await bot.set_webhook(hook.url)
    phone = await new_phone()
    await switch(phone, seed=3, duplicates=0.3, disorder=0.3, drop_first=0.2)
    texts = [f"{number}" for number in range(30)]
    for text in texts:
        await phone.says(text)
    await hook.until_all(set(texts))
    await hook.until_none_waits(bot)
    assert set(hook.taken) == set(texts)
    assert len(hook.taken) > len(texts), "some came twice"
    assert list(dict.fromkeys(hook.taken)) != texts, "some were overtaken"
    ids = {update["update_id"] for _, update in hook.seen}
    assert len(ids) == len(texts), "a repetition has the same update_id"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"server_error": 1.5}, "from 0 to 1"),
        ({"server_error": "often"}, "from 0 to 1"),
        ({"clock_ahead_s": -1}, "from 0"),
        ({"rate_limits": 1}, "true or false"),
        ({"earthquakes": 1}, "no such setting"),
    ],
)
async def test_settings_that_there_are_not(new_phone: NewPhone, body: dict[str, Any], words: str) -> None:
    phone = await new_phone()
    status, answer = await phone.call("PUT", f"{phone.api}/settings", {"duplicates": 0.5, **body})
    assert status == 400
    assert words in answer["error"]
    assert (await phone.call("GET", f"{phone.api}/settings"))[1]["duplicates"] == 0
