"""What every engine of the stack is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from local.engines.installation import Tell


@dataclass(frozen=True, slots=True)
class Folders:
    """Where an engine keeps things: both under the data folder of the stack."""

    data: Path
    logs: Path


class Engine(Protocol):
    """An engine: a process of the stack, or one that runs elsewhere."""

    @property
    def name(self) -> str:
        """`kafka`, `dynamodb` or `s3`."""

    @property
    def product(self) -> str:
        """What it is, with its version."""

    @property
    def address(self) -> str:
        """What clients are given: a URL, or Kafka's bootstrap servers."""

    @property
    def pid(self) -> int | None:
        """None when it does not run, or runs elsewhere."""

    @property
    def external(self) -> bool:
        """Whether somebody else runs it."""

    @property
    def survives_kill(self) -> bool:
        """Whether what it acknowledged is there after SIGKILL."""

    async def until_ended(self) -> str:
        """Return when its process has ended: how, and where its log is. Never for one that somebody else runs."""

    async def start(self, tell: Tell) -> None:
        """Install what is missing, start, and return once requests are answered; `tell` hears each step.

        Raises StartError, and then leaves nothing running. What was acknowledged before a stop or a kill is there again.
        """

    async def stop(self) -> None:
        """End the process and return when it has ended. Does nothing when it is not running."""
