"""Retries on the whole stack: who fails holds back only themselves, and kill -9 at any step loses and reorders nothing."""

import asyncio
import json
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.chaos.mutations.mutation import copy_of
from tests.e2e.people import DEADLINE_S, Person, ok
from tests.e2e.phones import Phone, phone, shop
from tests.e2e.running_stack import ROOT, UNPACED, RunningStack

FASTER = {"RETRY_RUN_S": ("58", "0.2"), "RETRY_PAUSE_S": ("2", "0.1"), "RETRY_LEASE_S": ("90", "4")}
"""Settings that would make the tests wait: here the retrier runs when they ask it to, and a dead one's lanes are soon free."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    folder = tmp_path_factory.mktemp("retries")
    code = copy_of(ROOT, folder / "code")
    template = (code / "template.yaml").read_text()
    for name, (usual, faster) in FASTER.items():
        assert f'{name}: "{usual}"' in template
        template = template.replace(f'{name}: "{usual}"', f'{name}: "{faster}"')
    (code / "template.yaml").write_text(template)
    running = RunningStack(folder / "data", [UNPACED], root=code).start()
    yield running
    running.stop()


@dataclass
class Talk:
    """Ana at her shop, and two who write to it over Telegram; each has a conversation with her."""

    stack: RunningStack
    console: httpx.AsyncClient
    ana: Person
    carla: Phone
    dan: Phone
    with_carla: str
    with_dan: str

    async def limited(self, on: bool) -> None:
        """Whether Telegram refuses what comes too fast: more than 4 at once and 1 a second in a chat."""
        ok(await self.console.put("/phones/api/settings", json={"rate_limits": on}), 200)

    async def said_to(self, who: Phone) -> list[str]:
        return [m["text"] for m in await who.messages() if m["from"] == "bot"]

    async def send(self, about: str, number: int = 8) -> tuple[list[str], list[str]]:
        """So many to Carla at once, faster than Telegram takes them: texts and message ids in the order of their numbers."""
        texts = [f"{about} {n}" for n in range(number)]
        sent = await asyncio.gather(*(self.ana.send(self.with_carla, text) for text in texts))
        ordered = sorted(zip(texts, sent, strict=True), key=lambda pair: int(pair[1]["seq"]))
        return [text for text, _ in ordered], [answer["message_id"] for _, answer in ordered]

    async def until_said(self, who: Phone, texts: list[str], within_s: float = 3 * DEADLINE_S) -> list[str]:
        """What the bot has said to `who`, once all of `texts` is in it."""
        deadline = time.monotonic() + within_s
        while True:
            said = await self.said_to(who)
            if set(texts) <= set(said):
                return said
            assert time.monotonic() < deadline, said
            await asyncio.sleep(0.1)

    async def kill_at(self, function: str, step: str) -> str:
        """kill -9 the function's process when it next comes to `step`; the id of this fault."""
        named = {"target": "function", "name": function, "kind": "kill", "at": f"chat4all.{step}", "count": 1}
        return str((await self.stack.command("fault.add", **named))["id"])

    async def was_killed(self, fault: str) -> None:
        """Poll until it has happened."""
        deadline = time.monotonic() + DEADLINE_S
        while fault not in {met["rule"] for met in await self.stack.command("fault.met")}:
            assert time.monotonic() < deadline, f"{fault} did not happen"
            await asyncio.sleep(0.1)

    def client(self, service: str, endpoint: str) -> Any:
        secrets = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, endpoint_url=self.stack.url(endpoint), region_name="us-east-1", **secrets)

    def table(self, noun: str) -> list[dict[str, Any]]:
        found = self.client("dynamodb", "dynamodb").scan(TableName=f"chat4all-{noun}", ConsistentRead=True)
        return list(found["Items"])

    async def retry_always(self) -> None:
        """Have the retrier run, one invocation after the other; who was killed fails one."""
        functions = self.client("lambda", "aws")
        while True:
            with suppress(BotoCoreError, ClientError):  # as while DynamoDB stands still
                await asyncio.to_thread(functions.invoke, FunctionName="chat4all-RetrierFunction", Payload=b"{}")
            await asyncio.sleep(0.1)

    async def nothing_is_parked(self) -> None:
        deadline = time.monotonic() + 3 * DEADLINE_S
        while left := [*self.table("retry-lanes"), *self.table("parked-records")]:
            assert time.monotonic() < deadline, left
            await asyncio.sleep(0.2)

    def dead_letters(self) -> list[dict[str, Any]]:
        command = [ROOT / "scripts/admin", f"--data={self.stack.data}", "dead-letters", "list", "--json"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert ran.returncode == 0, ran.stderr
        return list(json.loads(ran.stdout))


@pytest.fixture
async def talk(stack: RunningStack) -> AsyncIterator[Talk]:
    async with httpx.AsyncClient(base_url=stack.url("console"), timeout=DEADLINE_S) as console:
        ana = await Person.join(stack.url("http"), stack.url("websocket", "ws"), "ana")
        ok(await console.put("/phones/api/settings", json={"rate_limits": False}), 200)
        bot = await shop(console, ana)
        phones, conversations = [], []
        async with ana.online() as socket:
            for name in ("Carla", "Dan"):
                person = await phone(console, bot, name)
                await person.write(f"{name} asks")
                asked = await socket.event("message.created", content=f"{name} asks")
                phones.append(person)
                conversations.append(asked["conversation_id"])
        made = Talk(stack, console, ana, phones[0], phones[1], conversations[0], conversations[1])
        retrying = asyncio.create_task(made.retry_always())
        yield made
        retrying.cancel()
        await asyncio.gather(retrying, return_exceptions=True)
        await ana.http.aclose()


async def test_a_throttled_recipient_holds_back_nobody_else_and_gets_all_in_order(talk: Talk) -> None:
    await talk.limited(True)
    (texts, ids), _ = await asyncio.gather(talk.send("to Carla", 9), talk.ana.send(talk.with_dan, "to Dan"))
    await talk.until_said(talk.dan, ["to Dan"])
    assert len(await talk.said_to(talk.carla)) < len(texts)
    assert await talk.until_said(talk.carla, texts) == texts
    for message_id in ids:
        await talk.ana.status_becomes(message_id, "sent")
    await talk.nothing_is_parked()
    assert talk.dead_letters() == []


async def test_a_connector_killed_between_the_answer_and_its_record_sends_that_one_twice_and_no_other(
    talk: Talk,
) -> None:
    fault = await talk.kill_at("telegram_send", "channels.delivery_log:DeliveryLog.sent:before")
    texts, _ = await talk.send("killed before", 4)
    said = await talk.until_said(talk.carla, texts)
    await talk.was_killed(fault)
    assert list(dict.fromkeys(said)) == texts
    assert len(said) == len(texts) + 1, "the one whose answer nobody wrote down"


@pytest.mark.parametrize(
    "step", ["channels.delivery_log:DeliveryLog.sent:after", "channels.sending_parts:_remember:after"]
)
async def test_a_connector_killed_after_its_record_sends_each_once(talk: Talk, step: str) -> None:
    fault = await talk.kill_at("telegram_send", step)
    texts, ids = await talk.send("killed after", 4)
    assert await talk.until_said(talk.carla, texts) == texts
    await talk.was_killed(fault)
    for message_id in ids:
        await talk.ana.status_becomes(message_id, "sent")


async def test_a_connector_killed_between_parking_and_the_commit_parks_once(talk: Talk) -> None:
    await talk.limited(True)
    fault = await talk.kill_at("telegram_send", "retries.parking:Parking.park:after")
    texts, _ = await talk.send("parked")
    assert await talk.until_said(talk.carla, texts) == texts
    await talk.was_killed(fault)
    await talk.nothing_is_parked()


@pytest.mark.parametrize(
    "step",
    [
        "retries.lane:Lane.records:before",
        "retries.invoker:Invoker.handle:after",
        "retries.lane:Lane.renew:before",
        "retries.lane:Lane.removed:before",
    ],
)
async def test_a_retrier_killed_between_its_steps_loses_doubles_and_reorders_nothing(talk: Talk, step: str) -> None:
    await talk.limited(True)
    fault = await talk.kill_at("retrier", step)
    texts, _ = await talk.send("retried")
    assert await talk.until_said(talk.carla, texts) == texts
    await talk.was_killed(fault)
    await talk.nothing_is_parked()


async def test_an_outage_of_dynamodb_delays_all_and_makes_no_dead_letter(talk: Talk) -> None:
    texts = [f"outage {number}" for number in range(4)]
    for text in texts[:2]:
        await talk.ana.send(talk.with_carla, text)
    await talk.stack.command("fault.add", target="engine", name="dynamodb", kind="pause", seconds=12)
    for text in texts[2:]:
        await talk.ana.send(talk.with_carla, text)
    assert await talk.until_said(talk.carla, texts) == texts
    assert talk.dead_letters() == []
