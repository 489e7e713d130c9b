"""Heartbeats, as 1,000 sockets make them that say one every 30 s."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.benchmarks.realtime.sockets import Line, frames_of

PER_SECOND = 1_000 / 30
_WITHIN_S = 30.0


class Beats:
    """Asked of lines by turns, and answered by an ack with the same id."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._asked: dict[int, float] = {}
        self._answered: list[float] = []
        self.refused = 0

    def taken(self, text: str, at: float) -> None:
        """A frame that came to any of the lines."""
        for frame in frames_of(text):
            self._heard(frame, at)

    def _heard(self, frame: Mapping[str, Any], at: float) -> None:
        asked = self._asked.pop(frame.get("id", -1), None)
        if asked is None:
            return
        if frame.get("type") == "ack":
            self._answered.append(at - asked)
        else:
            self.refused += 1

    async def run(self, seconds: float) -> dict[str, Any]:
        """{"seconds": from asking to each answer, ascending, "refused", "unanswered"}"""
        began, count = time.monotonic(), round(seconds * PER_SECOND)
        for number in range(count):
            await asyncio.sleep(began + number / PER_SECOND - time.monotonic())
            connection = self._lines[number % len(self._lines)].connection
            assert connection is not None
            self._asked[number] = time.monotonic()
            await connection.send(json.dumps({"action": "heartbeat", "id": number, "data": {}}))
        deadline = time.monotonic() + _WITHIN_S
        while self._asked and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        return {"seconds": sorted(self._answered), "refused": self.refused, "unanswered": len(self._asked)}
