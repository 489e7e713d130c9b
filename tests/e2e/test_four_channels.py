"""Two on the app and one on each channel talk, while the providers fail: everybody has everything once, in order.

Run by `scripts/four-channels`, which says how many messages by FOUR_CHANNELS_MESSAGES, and FOUR_CHANNELS_SEED.

One thing cannot be helped: no provider here has an idempotency key, so what it took without answering is sent again. Such copies
are counted apart, stand where the message stands, and are no more than answers were lost.
"""

import asyncio
import json
import math
import os
import subprocess
import time
from typing import Any

import boto3
import httpx
import pytest

from tests.e2e.conftest import Join
from tests.e2e.four_channels.acts import talk
from tests.e2e.four_channels.checks import all_read, problems_of
from tests.e2e.four_channels.figures import figures
from tests.e2e.four_channels.phone_checks import Screen
from tests.e2e.four_channels.records import Record, history, matched, with_statuses
from tests.e2e.four_channels.scene import FAULTS, LOST_ANSWERS, Scene, scene
from tests.e2e.people import Frame, ok
from tests.e2e.running_stack import ROOT, RunningStack

MESSAGES = int(os.environ.get("FOUR_CHANNELS_MESSAGES", "60"))
SEED = int(os.environ.get("FOUR_CHANNELS_SEED", "6"))
SETTLED_WITHIN_S = 120 + MESSAGES


@pytest.mark.skipif("FOUR_CHANNELS_MESSAGES" not in os.environ, reason="run by scripts/four-channels")
@pytest.mark.timeout(300 + 4 * MESSAGES)
async def test_everybody_has_everything_once_and_in_order(
    stack: RunningStack, console: httpx.AsyncClient, join: Join, capsys: pytest.CaptureFixture[str]
) -> None:
    before = await asyncio.to_thread(left_over, stack)
    async with scene(stack, console, join) as there:
        await there.behave({**FAULTS, "seed": SEED})
        began = time.monotonic()
        await talk(there, MESSAGES, SEED)
        said = time.monotonic()
        records, screens = await settled(there)
        arrived = time.monotonic()
        table = await figures(stack, there, records, screens)
        with capsys.disabled():
            print(
                f"\n{MESSAGES} messages, seed {SEED}: said in {said - began:.0f} s, settled {arrived - said:.0f} s later"
            )
            print(table)
        for screen in screens:
            expected = LOST_ANSWERS * len(screen.from_account)
            assert len(screen.repeats) <= expected + 5 * math.sqrt(expected) + 5, screen.repeats
        await everybody_reads(there, records)
    await nothing_is_left(stack, before)


async def settled(there: Scene) -> tuple[list[Record], list[Screen]]:
    """Poll until everything holds."""
    deadline = time.monotonic() + SETTLED_WITHIN_S
    known: dict[str, Frame] = {}
    while True:
        messages, _ = await history(there)
        records, problems = matched(there, messages)
        if not problems:
            await with_statuses(there, records, known)
        screens = [Screen(native, await native.messages()) for native in there.natives]
        for screen in screens:
            screen.sort_out(records)
        if not problems:
            problems = problems_of(there, records, screens)
            problems += [f"{r.said.token} is not settled: {r.status}" for r in records if not r.is_settled()]
        if not problems:
            return records, screens
        assert time.monotonic() < deadline, f"{len(problems)} problems:\n" + "\n".join(problems[:40])
        await asyncio.sleep(0.5)


async def everybody_reads(there: Scene, records: list[Record]) -> None:
    """Phones and app; then each message is read by all who can tell it."""
    last = int(records[-1].message["seq"])
    for member in there.members:
        path = f"/v1/conversations/{there.conversation}/receipts"
        ok(await member.person.http.post(path, json={"read_seq": last}), 200)
    for native in there.natives:
        await native.read()
    natives = {native.user_id: native.channel for native in there.natives}
    deadline = time.monotonic() + SETTLED_WITHIN_S
    unread = records
    while unread:
        for record in unread:
            record.status = await there.members[0].person.status(record.id)
        unread = [record for record in unread if all_read([record], natives)]
        assert time.monotonic() < deadline, "\n".join(all_read(unread, natives)[:40])


def left_over(stack: RunningStack) -> set[str]:
    """Names of what is parked, and of dead letters: of other tests too."""
    secrets = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client: Any = boto3.client("dynamodb", endpoint_url=stack.url("dynamodb"), region_name="us-east-1", **secrets)
    found = set()
    for noun in ("parked-records", "retry-lanes"):
        pages = client.get_paginator("scan").paginate(TableName=f"chat4all-{noun}", ConsistentRead=True)
        found |= {f"{noun} {item.get('lane')} {item.get('position', '')}" for page in pages for item in page["Items"]}
    command = [ROOT / "scripts/admin", f"--data={stack.data}", "dead-letters", "list", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return found | {f"dead letter {json.dumps(letter, sort_keys=True)}" for letter in json.loads(ran.stdout)}


async def nothing_is_left(stack: RunningStack, before: set[str]) -> None:
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while left := await asyncio.to_thread(left_over, stack) - before:
        assert time.monotonic() < deadline, left
        await asyncio.sleep(0.5)
