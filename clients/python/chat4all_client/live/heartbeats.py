"""Signs of life: they say that the user is there, ask who else is, and keep the connection's token good."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from chat4all_client.errors import ApiError, Unreachable
from chat4all_client.live.bell import Bell
from chat4all_client.live.link import Link
from chat4all_client.live.outcomes import Later
from chat4all_client.live.session import Session, SignedOut
from chat4all_client.live.settings import LiveSettings

Json = dict[str, Any]
RENEW_S = 300.0
"""A token with less than this left is renewed."""


class Heartbeats:
    """`run` while a connection lasts."""

    def __init__(
        self,
        session: Session,
        on_presence: Callable[[Iterable[Json]], None],
        on_gap: Callable[[], None],
        settings: LiveSettings,
    ) -> None:
        """`on_gap` is called where the server says that nothing was pushed for a while."""
        self._session = session
        self._on_gap = on_gap
        self._on_presence = on_presence
        self._settings = settings
        self._watched: str | None = None
        self._bell = Bell()
        self._renew = False
        self._is_renewing = False

    def watch(self, conversation_id: str | None) -> None:
        """The conversation whose members are asked about, from now on."""
        self._watched = conversation_id
        if conversation_id is not None:
            self._bell.ring()

    def expiring(self) -> None:
        """The server says that the connection's token is about to expire.

        Not while a new one is on its way: where tokens live no longer than that, each renewal would call for the next.
        """
        if self._is_renewing:
            return
        self._renew = True
        self._bell.ring()

    async def run(self, link: Link, token: str) -> None:
        """Send heartbeats; raises Later when one is not answered: then the connection is dead, whoever thinks otherwise."""
        self._renew = self._is_renewing = False
        interval = self._settings.heartbeat_s
        while True:
            data: Json = {"conversation_id": self._watched} if self._watched is not None else {}
            if self._renew:
                token = await self._renewed(token)
                data["token"] = token
            self._is_renewing = "token" in data
            answer = await self._beat(link, data)
            self._is_renewing = False
            if answer is not None:
                interval = float(answer.get("interval") or self._settings.heartbeat_s)
                self._on_presence(answer.get("presence") or ())
                if answer.get("sync"):
                    self._on_gap()
                self._renew = _left_s(answer) < RENEW_S
                if self._renew and "token" not in data:
                    continue
            await self._bell.heard(interval)

    async def _beat(self, link: Link, data: Json) -> Json | None:
        """None: it was refused, as of a conversation that is the user's no more."""
        try:
            return await link.request("heartbeat", data, self._settings.answer_within_s)
        except Later as later:
            if not later.wait_s:
                raise
            await asyncio.sleep(later.wait_s)
        except ApiError:
            self._watched = None
        return None

    async def _renewed(self, token: str) -> str:
        """Another token, or the same where there is none to be had now: the connection is good for some time still."""
        try:
            return await self._session.renewed(token)
        except (Unreachable, ApiError, SignedOut):
            return token  # who is signed out learns so by the next connect


def _left_s(answer: Json) -> float:
    """How long the connection's token is good, by the server's clock alone: this machine's may say anything."""
    if "token_expires_at" not in answer:
        return float("inf")
    return (datetime.fromisoformat(answer["token_expires_at"]) - datetime.fromisoformat(answer["time"])).total_seconds()
