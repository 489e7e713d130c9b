"""Clients that were all dropped at once: each comes back after a moment, and syncs from where it stood."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.realtime.sockets import Line, frames_of

FIRST_PAUSE_S = 1.0
"""At most, before the first try: clients that all come in the same moment would only be refused."""


@dataclass
class Return:
    """One client's way back."""

    missed: set[int] = field(default_factory=set)
    """Numbers of what it got by its sync."""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    error: dict[str, Any] = field(default_factory=dict)

    def taken(self, text: str, _at: float) -> None:
        for frame in frames_of(text):
            self._heard(frame)

    def _heard(self, frame: Mapping[str, Any]) -> None:
        match frame.get("type", "error"):
            case "sync.message":
                self.missed.add(int(frame["seq"]))
            case "sync.done":
                self.error = {}
                self.done.set()
            case "error":
                # The gateway's own errors have no type: {"message", "connectionId", "requestId"}.
                self.error = frame.get("error") or {"code": frame.get("message")}
                self.done.set()


async def come_back(lines: Sequence[Line], conversation_id: str, through: int, within_s: float) -> dict[str, Any]:
    """Open each line again and sync it from `through`.

    {"seconds": until each was live, "late": how many were not `within_s`, "refused": handshakes that came again, by status,
    "syncs_refused": by code, "holes": how many clients did not get what is numbered `through` + 1}
    """
    refused: Counter[str] = Counter()
    syncs_refused: Counter[str] = Counter()
    ways = [Return() for _ in lines]
    began, seconds = time.monotonic(), []

    async def one(line: Line, way: Return) -> None:
        line.tell(way.taken)
        await asyncio.sleep(random.uniform(0, FIRST_PAUSE_S))
        await line.open(refused)
        await _synced(line, way, {conversation_id: through}, syncs_refused)
        seconds.append(time.monotonic() - began)

    coming = [asyncio.ensure_future(one(line, way)) for line, way in zip(lines, ways, strict=True)]
    _, late = await asyncio.wait(coming, timeout=within_s)
    for task in late:
        task.cancel()
    holes = sum(through + 1 not in way.missed for way in ways)
    return {
        "seconds": sorted(seconds),
        "late": len(late),
        "refused": refused,
        "syncs_refused": syncs_refused,
        "holes": holes,
    }


async def _synced(line: Line, way: Return, positions: dict[str, int], refused: Counter[str]) -> None:
    """Ask until it is answered; whoever is asked to wait waits."""
    while True:
        assert line.connection is not None
        way.done.clear()
        await line.connection.send(json.dumps({"action": "sync", "id": 1, "data": {"conversations": positions}}))
        await way.done.wait()
        if not way.error:
            return
        refused[str(way.error.get("code"))] += 1
        await asyncio.sleep(float(way.error.get("retry_after", 1)) * random.uniform(1, 1.5))
