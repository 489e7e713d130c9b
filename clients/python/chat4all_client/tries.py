"""Trying a part or a range again, until it is through or there is no hope."""

import asyncio
import errno
import http.client
import time
from collections.abc import Awaitable, Callable

from chat4all_client.backoff import delay_s
from chat4all_client.connections import Answer
from chat4all_client.control import Control, Interrupted
from chat4all_client.errors import ApiError, Unreachable
from chat4all_client.storage_answers import Fate, code_of, fate_of

_AT_LEAST = 5
"""So many tries also where each takes longer than anybody has patience, as of a large part on a slow line."""
_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.ESTALE})
"""What this machine's file says, not the network: trying again changes nothing."""
_FRESH_URLS = 5
"""403 to so many fresh URLs, one after the other, is no matter of expiry."""


class Tries:
    """Of all the parts of one transfer: patience ends when none of them has got through for long."""

    def __init__(self, patience_s: float, control: Control) -> None:
        self._patience_s = patience_s
        self._control = control
        self._last_through = time.monotonic()

    async def through(
        self,
        what: str,
        attempt: Callable[[int], Awaitable[Answer]],
        judge: Callable[[Answer, Fate], Awaitable[None]],
    ) -> Answer:
        """The answer to the try that got through.

        `attempt` is given how many tries were in vain, so that it asks for a fresh URL; `judge` raises where it knows that the
        answer is the end. What a pause breaks off is no try.

        Raises:
            Unreachable. ApiError: the storage refuses it, or knows it no more. OSError: the disk is full, or broken.
        """
        tries = refusals = 0
        while True:
            await self._until_running()
            try:
                answer = await attempt(tries)
            except (Interrupted, OSError, http.client.HTTPException) as error:
                if self._control.stopping:
                    continue
                if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
                    raise
                why = f"{type(error).__name__} {error}".strip()
            else:
                fate, why = fate_of(answer), code_of(answer)
                if fate is Fate.ARRIVED:
                    self._last_through = time.monotonic()
                    return answer
                await judge(answer, fate)
                refusals = refusals + 1 if fate is Fate.NEW_URL else 0
                if fate is Fate.GONE:
                    raise ApiError(answer.status, why, f"{what}: the storage knows nothing of it any more")
                if fate is Fate.REFUSED or refusals > _FRESH_URLS:
                    raise ApiError(answer.status, why, f"{what}: the storage refuses it")
            tries += 1
            await self._wait(what, tries, why)

    async def _until_running(self) -> None:
        if self._control.paused:
            await self._control.until_running()
            self._last_through = time.monotonic()

    async def _wait(self, what: str, tries: int, why: str) -> None:
        wait_s = delay_s(tries)
        silent_s = time.monotonic() - self._last_through
        if silent_s + wait_s > self._patience_s and tries >= _AT_LEAST:
            raise Unreachable(f"Nothing has got through for {silent_s:.0f} s ({what}: {why})")
        await asyncio.sleep(wait_s)
