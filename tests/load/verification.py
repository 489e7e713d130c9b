"""Whether what was acknowledged is in the history: once, in the order of sending, without holes."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

_WITHIN_S = 60.0
"""A message is in the history when it is answered 202; complete_through follows when an abandoned number becomes void."""


@dataclass(frozen=True)
class Acknowledged:
    """A line of what a tool has written down."""

    user_id: str
    number: int
    """Of this user's messages, in the order of sending."""
    message_id: str


@dataclass(frozen=True)
class Verdict:
    """Of all conversations."""

    acknowledged: int
    lost: int
    doubled: int
    reordered: int
    incomplete: int
    """Conversations that are not complete through their last message."""
    undelivered: int = 0
    """Pushes that did not come, of those who stayed connected."""

    @property
    def is_good(self) -> bool:
        return self.acknowledged > 0 and not (
            self.lost or self.doubled or self.reordered or self.incomplete or self.undelivered
        )


def read_lines(file: Path) -> tuple[list[Acknowledged], dict[str, Counter[str]]]:
    """What was acknowledged; and by user the message ids that were pushed to them."""
    acknowledged: list[Acknowledged] = []
    pushed: dict[str, Counter[str]] = {}
    for line in file.read_text().splitlines() if file.exists() else ():
        if not line.startswith("{"):
            continue
        said = json.loads(line)
        if said["kind"] == "acknowledged":
            acknowledged.append(Acknowledged(said["user_id"], said["number"], said["message_id"]))
        elif said["kind"] == "pushed":
            pushed.setdefault(said["user_id"], Counter())[said["message_id"]] += 1
    return acknowledged, pushed


def verdict(
    acknowledged: Sequence[Acknowledged],
    histories: Mapping[str, Sequence[Mapping[str, Any]]],
    incomplete: int,
    undelivered: int = 0,
) -> Verdict:
    """Histories by conversation, oldest first."""
    found = Counter(str(m["message_id"]) for messages in histories.values() for m in messages)
    numbers = {one.message_id: one.number for one in acknowledged}
    reordered = sum(_reordered(messages, numbers) for messages in histories.values())
    return Verdict(
        acknowledged=len(acknowledged),
        lost=sum(one.message_id not in found for one in acknowledged),
        doubled=sum(count - 1 for count in found.values()),
        reordered=reordered,
        incomplete=incomplete,
        undelivered=undelivered,
    )


def _reordered(messages: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]) -> int:
    by_sender: dict[str, list[int]] = {}
    for message in messages:
        if message["message_id"] in numbers:
            by_sender.setdefault(message["sender_id"], []).append(numbers[message["message_id"]])
    wrong_seq = sum(later["seq"] <= earlier["seq"] for earlier, later in pairwise(messages))
    return wrong_seq + sum(later < earlier for said in by_sender.values() for earlier, later in pairwise(said))


async def histories(base_url: str, people: Iterable[Mapping[str, Any]]) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """Of each conversation, read by one of its members; and how many were not complete within a minute."""
    readers = {person["conversation_id"]: person for person in people}
    found, incomplete = {}, 0
    async with httpx.AsyncClient(base_url=base_url, timeout=60) as http:
        for conversation, reader in readers.items():
            deadline = asyncio.get_running_loop().time() + _WITHIN_S
            while True:
                messages, is_complete = await _read(http, conversation, reader["token"])
                if is_complete or asyncio.get_running_loop().time() > deadline:
                    break
                await asyncio.sleep(0.5)
            found[conversation] = messages
            incomplete += not is_complete
    return found, incomplete


async def _read(http: httpx.AsyncClient, conversation: str, token: str) -> tuple[list[dict[str, Any]], bool]:
    messages: list[dict[str, Any]] = []
    after, through = 0, 0
    while True:
        answer = await http.get(
            f"/v1/conversations/{conversation}/messages",
            params={"after_seq": after, "limit": 100},
            headers={"authorization": f"Bearer {token}"},
        )
        answer.raise_for_status()
        page = answer.json()
        messages += page["items"]
        through = int(page["complete_through"])
        if not page["items"]:
            return messages, not messages or through >= int(messages[-1]["seq"])
        after = int(page["items"][-1]["seq"])
