"""Brokers that are ended because a client of MSK asked for it; the stack's watch starts them again."""

import os
import signal
from collections.abc import Sequence
from typing import Literal, Protocol

from local.engines.engine import Engine


class WatchedEngine(Protocol):
    """A broker's engine, and who starts it again (local.engines.watch)."""

    engine: Engine

    @property
    def state(self) -> str:
        """`running` while it answers."""


class BrokerReboots:
    """Of the brokers in the order of their ids, which begin at 1."""

    def __init__(self, brokers: Sequence[WatchedEngine] = ()) -> None:
        self._brokers = brokers
        self._ended: dict[int, int] = {}

    @property
    def state(self) -> Literal["ACTIVE", "REBOOTING_BROKER"]:
        """Of the cluster, in the words of MSK's ClusterState."""
        self._ended = {number: pid for number, pid in self._ended.items() if not self._runs_again(number, pid)}
        return "REBOOTING_BROKER" if self._ended else "ACTIVE"

    def reboot(self, number: int) -> bool:
        """End a broker as its own scripts do, with SIGTERM: it hands over what it leads. False where there is none to end."""
        if not 1 <= number <= len(self._brokers):
            return False
        pid = self._brokers[number - 1].engine.pid
        if pid is None:
            return False
        self._ended[number] = pid
        os.kill(pid, signal.SIGTERM)
        return True

    def _runs_again(self, number: int, former: int) -> bool:
        watched = self._brokers[number - 1]
        return watched.state == "running" and watched.engine.pid != former
