"""What is measured: a server with open WebSockets, some of which are told what is said into a room."""

from collections.abc import Sequence
from typing import Protocol

from tests.benchmarks.realtime.sockets import Seat


class Place(Protocol):
    """The local stack, or a peer."""

    name: str
    has_heartbeats: bool
    server_pid: int
    """The process that holds the sockets."""

    def working_pids(self) -> list[int]:
        """Every process that has a part in telling, the server first."""

    def crowd(self, count: int) -> Sequence[Seat]:
        """Sockets that are told nothing."""

    def group(self) -> Sequence[Seat]:
        """One socket of each of the 100 members of a group."""

    def devices(self) -> Sequence[Seat]:
        """The 100 sockets of one user."""

    async def say_to_group(self, text: str) -> None:
        """Send one message; returns when it is accepted."""

    async def say_to_user(self, text: str) -> None:
        """The same, to the user with many sockets."""
