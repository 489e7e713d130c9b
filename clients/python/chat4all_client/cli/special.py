"""Commands that are more than one operation: each a function with its parameters."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from chat4all_client.cli.given import Given, common_parameters
from chat4all_client.cli.running import run

Work = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Special:
    """One command, and the operations of the contract that it asks."""

    path: tuple[str, ...]
    operations: tuple[str, ...]
    help: str
    parameters: Callable[[], Sequence[click.Parameter]]
    work: Work

    def built(self) -> click.Command:
        """As click has it."""

        def callback(**values: Any) -> None:
            async def work(given: Given) -> None:
                await self.work(given, **values)

            run(work)

        named = f"Operations {', '.join(self.operations)}" if self.operations else None
        parameters = [*self.parameters(), *common_parameters()]
        return click.Command(self.path[-1], callback=callback, params=parameters, help=self.help, epilog=named)


def special(
    *path: str, operations: Sequence[str] = (), parameters: Callable[[], Sequence[click.Parameter]] = lambda: ()
) -> Callable[[Work], Special]:
    """Make a command of a coroutine function; its docstring is the help."""

    def made(work: Work) -> Special:
        return Special(path, tuple(operations), (work.__doc__ or "").strip(), parameters, work)

    return made
