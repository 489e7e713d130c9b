"""WebSockets of clients: opened as fast as the server lets them, and read until they close."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

_OPEN_S = 60.0
_LONGEST_PAUSE_S = 10.0
BATCHES = Subprotocol("chat4all.v1.batches")
"""Several events may come in one message (docs/clients.md), as the clients of this repository ask for it; a peer ignores it."""
Taken = Callable[[str, float], None]
"""What to do with a text frame that came at a monotonic time."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One WebSocket that is wanted: its URL, and the address from which it is opened."""

    url: str
    source: str


@dataclass
class Opening:
    """How an opening of many went."""

    seconds: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    """Handshakes that failed and came again: by status or kind of error."""


class Line:
    """A WebSocket, and the task that reads it."""

    def __init__(self, seat: Seat, taken: Taken) -> None:
        self.seat = seat
        self.connection: ClientConnection | None = None
        self.is_lost = False
        """The server, or somebody between, closed it."""
        self._taken = taken
        self._reading: asyncio.Task[None] | None = None

    def tell(self, taken: Taken) -> None:
        """From now on frames are for `taken`."""
        self._taken = taken

    async def open(self, refused: Counter[str]) -> None:
        """Try until it is open, later each time with jitter, as a client should."""
        pause = 0.25
        while True:
            try:
                self.connection = await connect(
                    self.seat.url,
                    local_addr=(self.seat.source, 0),
                    subprotocols=[BATCHES],
                    compression=None,
                    ping_interval=None,
                    proxy=None,
                    user_agent_header=None,
                    open_timeout=_OPEN_S,
                )
            except InvalidStatus as error:
                refused[str(error.response.status_code)] += 1
            except (OSError, WebSocketException, TimeoutError) as error:
                refused[type(error).__name__] += 1
            else:
                self.is_lost = False
                self._reading = asyncio.ensure_future(self._read(self.connection))
                return
            await asyncio.sleep(random.uniform(pause / 2, pause))
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def until_lost(self) -> None:
        """Until the server, or somebody between, has closed it."""
        if self._reading is not None:
            await asyncio.wait([self._reading])

    def drop(self) -> None:
        """As when the network goes: without a word."""
        if self.connection is not None:
            self.connection.transport.abort()

    async def close(self) -> None:
        if self.connection is not None:
            self.connection.transport.close()
            await self.connection.wait_closed()
        if self._reading is not None:
            with suppress(asyncio.CancelledError):
                await self._reading

    async def _read(self, connection: ClientConnection) -> None:
        try:
            while True:
                text = await connection.recv()
                self._taken(str(text), time.monotonic())
        except ConnectionClosed:
            self.is_lost = True


async def open_all(lines: Sequence[Line], at_once: int) -> Opening:
    """Open every line, `at_once` handshakes at a time."""
    places, opening, began = asyncio.Semaphore(at_once), Opening(), time.monotonic()

    async def enter(line: Line) -> None:
        async with places:
            await line.open(opening.refused)

    await asyncio.gather(*map(enter, lines))
    opening.seconds = time.monotonic() - began
    return opening


def frames_of(text: str) -> list[dict[str, Any]]:
    """The events of a message: one, or an array of them."""
    found = json.loads(text)
    return found if isinstance(found, list) else [found]
