"""Keeps a connection open: opened again whenever it ends, with pauses that grow, for as long as the session lasts."""

import asyncio
from collections.abc import Awaitable, Callable

from chat4all_client.backoff import delay_s
from chat4all_client.errors import ApiError, Unreachable
from chat4all_client.live.bell import Bell
from chat4all_client.live.database import StoreError
from chat4all_client.live.events import Events, StateChanged
from chat4all_client.live.outcomes import Later
from chat4all_client.live.session import Session, SignedOut
from chat4all_client.live.settings import LiveSettings
from chat4all_client.live.wire import Dial, HandshakeRefused, Wire, WireClosed

CONNECTING, SYNCING, LIVE, OFFLINE, SIGNED_OUT = "connecting", "syncing", "live", "offline", "signed_out"


class Connecting:
    """`run` in a task; it ends when the session is over (`signed_out`)."""

    def __init__(
        self,
        session: Session,
        dial: Dial,
        serve: Callable[[Wire, str], Awaitable[None]],
        events: Events,
        settings: LiveSettings,
    ) -> None:
        """`serve` uses a connection that was opened with a token, until it ends; raises WireClosed, Later,
        ApiError."""
        self._session = session
        self._dial = dial
        self._serve = serve
        self._events = events
        self._settings = settings
        self._hurry = Bell()
        self.state = CONNECTING

    def becomes(self, state: str, why: str = "") -> None:
        """Say how it stands."""
        if state != self.state:
            self.state = state
            self._events.tell(StateChanged(state, why))

    def hurry(self) -> None:
        """Try now: the network may be there again."""
        self._hurry.ring()

    async def run(self) -> None:
        """Connect, serve, and pause, again and again."""
        tries = 0
        now = asyncio.get_running_loop().time
        while True:
            begun = now()
            asked_s = 0.0
            try:
                token = await self._session.token()
                self.becomes(CONNECTING)
                wire = await self._opened(token)
                await self._serve(wire, await self._session.token())
                why = "closed"
            except SignedOut as error:
                self.becomes(SIGNED_OUT, str(error))
                return
            except (Later, Unreachable) as error:
                asked_s = error.wait_s if isinstance(error, Later) else error.retry_after_s
                why = str(error)
            except (WireClosed, ApiError, StoreError) as error:
                why = f"{type(error).__name__} {error}"
            tries = 1 if now() - begun > self._settings.lived_s else tries + 1
            self.becomes(OFFLINE, why)
            await self._hurry.heard(delay_s(tries, asked_s, self._settings.chance))

    async def _opened(self, token: str) -> Wire:
        """A connection; with a new token where this one is refused. Raises WireClosed, Unreachable, SignedOut."""
        try:
            return await self._dial(token)
        except HandshakeRefused as refused:
            if refused.status not in (401, 403):
                raise
        return await self._dial(await self._session.renewed(token))
