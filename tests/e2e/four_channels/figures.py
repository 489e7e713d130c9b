"""Figures of a conversation, by channel."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence

from tests.e2e.four_channels.phone_checks import Screen
from tests.e2e.four_channels.records import Record
from tests.e2e.four_channels.scene import Scene
from tests.e2e.running_stack import ROOT, RunningStack


async def figures(stack: RunningStack, scene: Scene, records: Sequence[Record], screens: Sequence[Screen]) -> str:
    """A table: messages from there, parts that came there, what came twice, time from being said to being there."""
    lines = [f"{'':<10} {'said':>5} {'parts':>6} {'copies':>7} {'told again':>11} {'p50 s':>7} {'p99 s':>7}"]
    for screen in screens:
        native = screen.native
        said = sum(1 for record in records if record.message["sender_id"] == native.user_id)
        again = await asyncio.to_thread(_told_again, stack, native.channel, {record.id for record in records})
        waits = [
            native.first_seen[shown_id] - record.said.at
            for shown_id, record in screen.records.items()
            if shown_id in native.first_seen
        ]
        lines.append(
            f"{native.channel:<10} {said:>5} {len(screen.records):>6} {len(screen.repeats):>7} {again:>11} {_quantiles(waits)}"
        )
    at = {record.id: record.said.at for record in records}
    for member in scene.members:
        told = member.told("message.created", scene.conversation)
        waits = [when - at[frame["data"]["message_id"]] for frame, when in told]
        said = sum(1 for record in records if record.message["sender_id"] == member.person.id)
        again = len(told) - len({frame["seq"] for frame, _ in told})
        lines.append(f"{member.name:<10} {said:>5} {len(told):>6} {again:>7} {'':>11} {_quantiles(waits)}")
    return "\n".join(lines)


def _quantiles(waits: list[float]) -> str:
    waits.sort()
    if not waits:
        return ""
    return f"{waits[len(waits) // 2]:>7.2f} {waits[int(len(waits) * 0.99)]:>7.2f}"


def _told_again(stack: RunningStack, channel: str, message_ids: set[str]) -> int:
    """How often the provider told of a message that was there already: it was dropped."""
    function = f"{channel.title()}WebhookFunction"
    command = [sys.executable, "-m", "local", "logs", function, "--json", "--grep", "message accepted"]
    ran = subprocess.run([*command, f"--data={stack.data}"], cwd=ROOT, capture_output=True, text=True, check=False)
    accepted = [line for line in map(_json, ran.stdout.splitlines()) if line.get("message_id") in message_ids]
    return len(accepted) - len({line["message_id"] for line in accepted})


def _json(line: str) -> dict[str, str]:
    try:
        return dict(json.loads(line))
    except ValueError:
        return {}
