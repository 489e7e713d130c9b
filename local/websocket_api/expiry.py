"""Closes connections that are idle or too old: one task for all of them."""

import asyncio
import time

from websockets.frames import CloseCode

from local.websocket_api.limits import Limits
from local.websocket_api.open_connections import OpenConnections
from local.websocket_api.session import Session

GOING_AWAY = "Going away"


def has_expired(session: Session, limits: Limits, now: float) -> bool:
    """Whether the connection is over its idle time or its age at the monotonic time `now`."""
    return now - session.active_at >= limits.idle_s or now - session.opened_at >= limits.age_s


async def close_expired(connections: OpenConnections, limits: Limits) -> None:
    """Run until cancelled. A connection outlives its limit by a hundredth of it, at most 5 s."""
    pause_s = min(5.0, limits.idle_s / 100, limits.age_s / 100)
    while True:
        await asyncio.sleep(pause_s)
        now = time.monotonic()
        for connection in connections:
            if has_expired(connection.session, limits, now):
                connections.close(connection, CloseCode.GOING_AWAY, GOING_AWAY)
