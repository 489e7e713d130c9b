"""What a program that uses a live client is told: that something is another now. The store has what it is."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_WAITING_MAX = 10_000


@dataclass(frozen=True, slots=True)
class StateChanged:
    """`connecting`, `syncing`, `live`, `offline` or `signed_out`; `why` where something went wrong."""

    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ConversationsChanged:
    """Conversations that are new, changed, gone, or in which something was said."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessagesChanged:
    """Messages that are new or changed, as they are now, by number; `unsent`: ids of own ones whose state changed."""

    conversation_id: str
    messages: Mapping[int, Json]
    unsent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypingChanged:
    """Somebody began or ended to write."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """Users who came or went."""

    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsersChanged:
    """Users whose names became known."""

    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overrun:
    """More happened than was read: look at the store."""


Event = StateChanged | ConversationsChanged | MessagesChanged | TypingChanged | PresenceChanged | UsersChanged | Overrun


class Events:
    """Gives each event to everybody who listens; who does not read loses no more than the single steps."""

    def __init__(self) -> None:
        self._listeners: list[asyncio.Queue[Event | BaseException | None]] = []

    def tell(self, event: Event) -> None:
        """Tell all who listen."""
        for queue in self._listeners:
            if queue.qsize() >= _WAITING_MAX:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(Overrun())
            queue.put_nowait(event)

    def end(self, error: BaseException | None = None) -> None:
        """Nothing will come any more; `error`: because the client broke."""
        for queue in self._listeners:
            queue.put_nowait(error)

    async def listen(self) -> AsyncIterator[Event]:
        """Events from now on, until the end."""
        queue: asyncio.Queue[Event | BaseException | None] = asyncio.Queue()
        self._listeners.append(queue)
        try:
            while (event := await queue.get()) is not None:
                if isinstance(event, BaseException):
                    raise event
                yield event
        finally:
            self._listeners.remove(queue)
