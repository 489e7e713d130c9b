"""Parts end in the order that undoes their start, whatever one of them does."""

import asyncio

import pytest

from local.parts import RunningParts, side_by_side


class Recorded:
    """A part that writes down what happens to it."""

    def __init__(self, name: str, said: list[str], *, fails_at: str = "") -> None:
        self._name = name
        self._said = said
        self._fails_at = fails_at

    async def start(self) -> None:
        self._say("start")

    async def stop(self) -> None:
        self._say("stop")

    def _say(self, what: str) -> None:
        self._said.append(f"{what} {self._name}")
        if what == self._fails_at:
            raise RuntimeError(f"{self._name} does not {what}")


async def test_they_end_last_started_first_and_none_keeps_another_from_ending() -> None:
    parts, said = RunningParts(), list[str]()
    await parts.run(Recorded("a", said))
    await parts.run(Recorded("b", said, fails_at="stop"))
    with pytest.raises(RuntimeError, match="c does not start"):
        await parts.run(Recorded("c", said, fails_at="start"))
    await parts.stop()
    assert said == ["start a", "start b", "start c", "stop c", "stop b", "stop a"]


async def test_side_by_side_the_first_failure_cancels_the_others_and_waits_for_them() -> None:
    said = list[str]()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            said.append("ended")

    async def failing() -> None:
        await asyncio.sleep(0)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await side_by_side(endless(), failing())
    assert said == ["ended"]
