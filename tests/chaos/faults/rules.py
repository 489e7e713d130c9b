"""Rules of `scripts/fault` as the faults here use them: added, seen to be met, cleared."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from local.start_error import StartError
from tests.chaos.world import World


class NotMet(AssertionError):
    """A fault that did not happen: nothing came by the step in time."""


@contextmanager
def rule(world: World, target: str, name: str, kind: str, **more: Any) -> Iterator[str]:
    """A rule for the time of the block; its id."""
    identifier = str(world.command("fault.add", target=target, name=name, kind=kind, **more)["id"])
    try:
        yield identifier
    finally:
        with suppress(StartError):  # it has ended by itself
            world.command("fault.clear", ids=[identifier])


def until_met(world: World, identifier: str, within_s: float) -> dict[str, Any]:
    """What the environment wrote down that met this rule: {rule, at, pid, request_id, time}. Raises NotMet."""
    deadline = time.monotonic() + within_s
    while True:
        told = [met for met in world.command("fault.met") if met["rule"] == identifier]
        if told:
            return dict(told[0])
        if time.monotonic() > deadline:
            raise NotMet(f"nothing met {identifier} within {within_s:g} s")
        time.sleep(0.05)
