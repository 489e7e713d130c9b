"""The `$disconnect` route: best effort, never retried."""

import asyncio
import logging

from local.invocation import Invocations
from local.websocket_api.background import Background
from local.websocket_api.connection import GatewayConnection
from local.websocket_api.events import ApiIdentity, Moment, disconnect_event
from local.websocket_api.integrations import IntegrationFailed, call
from local.websocket_api.limits import Limits
from local.websocket_api.route_selection import DISCONNECT
from local.websocket_api.session import Session

_REASONS = {1000: "Connection Closed Normally", 1005: "Client-side close frame status not set"}
"""`disconnectReason` where the close frame has none, as AWS was seen to fill it in."""

_LOG = logging.getLogger(__name__)


class Disconnects:
    """Invokes the route for connections that are gone, a bounded number at a time."""

    def __init__(self, identity: ApiIdentity, invocations: Invocations, limits: Limits, background: Background) -> None:
        self._identity = identity
        self._invocations = invocations
        self._limits = limits
        self._background = background
        self._slots = asyncio.Semaphore(limits.disconnects)

    def run(self, connection: GatewayConnection) -> None:
        """Start the route for a connection that `$connect` had let in."""
        if DISCONNECT in self._identity.api.routes:
            code, reason = connection.close_status()
            self._background.start(self._invoke(connection.session, code, reason or _REASONS.get(code, "")))

    async def _invoke(self, session: Session, code: int, reason: str) -> None:
        route = self._identity.api.routes[DISCONNECT]
        event = disconnect_event(self._identity, session, Moment(), code, reason)
        async with self._slots:
            try:
                await call(self._invocations, route.function, event, self._limits.integration_s)
            except IntegrationFailed as failure:
                _LOG.warning("$disconnect of %s: %s", session.connection_id, failure)
