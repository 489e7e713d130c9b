"""The process that holds the crowd: a request a line on stdin, an answer a line on stdout, both JSON."""

import asyncio
import json
import sys
from collections import Counter
from typing import Any

import uvloop

from tests.benchmarks.realtime.coming_back import come_back
from tests.benchmarks.realtime.heartbeats import Beats
from tests.benchmarks.realtime.sockets import Line, Seat, open_all


class Crowd:
    """Sockets that are open and mostly say nothing."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._frames = 0

    async def open(self, seats: list[list[str]], at_once: int) -> dict[str, Any]:
        """{"seconds", "refused": {status: times}}"""
        lines = [Line(Seat(*seat), self._taken) for seat in seats]
        opening = await open_all(lines, at_once)
        self._lines += lines
        return {"seconds": opening.seconds, "refused": opening.refused}

    async def state(self) -> dict[str, Any]:
        """{"open", "lost", "frames": how many came}"""
        lost = sum(line.is_lost for line in self._lines)
        return {"open": len(self._lines) - lost, "lost": lost, "frames": self._frames}

    async def beat(self, seconds: float) -> dict[str, Any]:
        """As in heartbeats.py."""
        beats = Beats(self._lines)
        for line in self._lines:
            line.tell(beats.taken)
        return await beats.run(seconds)

    async def close(self) -> dict[str, Any]:
        """{"closed"}"""
        lines, self._lines = self._lines, []
        await asyncio.gather(*(line.close() for line in lines))
        return {"closed": len(lines)}

    async def come_back(self, conversation_id: str, through: int, within_s: float) -> dict[str, Any]:
        """As in coming_back.py."""
        return await come_back(self._lines, conversation_id, through, within_s)

    async def drop(self) -> dict[str, Any]:
        """{"dropped"}: as when the network goes."""
        for line in self._lines:
            line.drop()
        return {"dropped": len(self._lines)}

    def _taken(self, _text: str, _time: float) -> None:
        self._frames += 1


async def serve() -> None:
    """Until stdin ends."""
    crowd, loop = Crowd(), asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        request = json.loads(line)
        answer = await getattr(crowd, request.pop("do"))(**request)
        print(json.dumps({name: _plain(value) for name, value in answer.items()}), flush=True)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Counter) else value


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())
