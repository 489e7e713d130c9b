"""Who is writing, shown until it is over; and that the user is, told now and then."""

import asyncio
from collections.abc import Callable

from chat4all_client.errors import ApiError
from chat4all_client.live.frames import Typing
from chat4all_client.live.outcomes import Later
from chat4all_client.live.requests import Requests

_SHOWN_S = 6.0


class Typists:
    """Others who are writing: each for as long as was said, or until they stop or a message of theirs comes."""

    def __init__(self, on_change: Callable[[str], None]) -> None:
        self._on_change = on_change
        self._until: dict[str, dict[str, asyncio.TimerHandle]] = {}

    def heard(self, typing: Typing) -> None:
        """Somebody writes, or writes no more."""
        if typing.expires_in <= 0:
            self.ended(typing.conversation_id, typing.user_id)
            return
        shown = self._until.setdefault(typing.conversation_id, {})
        before = shown.pop(typing.user_id, None)
        later = asyncio.get_running_loop().call_later
        shown[typing.user_id] = later(typing.expires_in, self.ended, typing.conversation_id, typing.user_id)
        if before is not None:
            before.cancel()
        else:
            self._on_change(typing.conversation_id)

    def ended(self, conversation_id: str, user_id: str) -> None:
        """Time is over, or what was written is here."""
        timer = self._until.get(conversation_id, {}).pop(user_id, None)
        if timer is not None:
            timer.cancel()
            self._on_change(conversation_id)

    def of(self, conversation_id: str) -> list[str]:
        """User ids."""
        return list(self._until.get(conversation_id, {}))

    def clear(self) -> None:
        """Nobody: there is no connection."""
        for conversation_id, shown in list(self._until.items()):
            for user_id in list(shown):
                self.ended(conversation_id, user_id)


class OwnTyping:
    """Tells that the user is writing, no more often than is of use. Nothing depends on it, so nothing is tried twice."""

    def __init__(self, requests: Requests, every_s: float) -> None:
        self._requests = requests
        self._every_s = every_s
        self._told_at: dict[str, float] = {}

    async def goes_on(self, conversation_id: str) -> None:
        """The user pressed a key."""
        now = asyncio.get_running_loop().time()
        if now - self._told_at.get(conversation_id, -self._every_s) >= self._every_s:
            self._told_at[conversation_id] = now
            await self._tell({"conversation_id": conversation_id})

    async def stopped(self, conversation_id: str) -> None:
        """The user deleted what was written."""
        told_at = self._told_at.pop(conversation_id, None)
        if told_at is not None and asyncio.get_running_loop().time() - told_at < _SHOWN_S:
            await self._tell({"conversation_id": conversation_id, "stopped": True})

    def sent(self, conversation_id: str) -> None:
        """A message says it too."""
        self._told_at.pop(conversation_id, None)

    async def _tell(self, data: dict[str, object]) -> None:
        if self._requests.link is None:
            return
        try:
            await self._requests.ask("typing", data)
        except (Later, ApiError):
            return
