"""What happens to the messages of an open connection."""

import asyncio
import logging
from dataclasses import dataclass

from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from local.function_answer import MalformedAnswer
from local.invocation import Invocations
from local.websocket_api import error_messages
from local.websocket_api.connection import GatewayConnection
from local.websocket_api.error_messages import error_message
from local.websocket_api.events import ApiIdentity, Moment, message_event
from local.websocket_api.function_answer import proxy_answer
from local.websocket_api.integrations import IntegrationFailed, IntegrationTimedOut, call
from local.websocket_api.limits import MESSAGE_BYTES, Limits
from local.websocket_api.open_connections import as_text
from local.websocket_api.route_selection import select_route
from local.websocket_api.throttling import Throttling

_LOG = logging.getLogger(__name__)


class Refused(Exception):
    """The client gets an error message with this text."""


@dataclass(frozen=True, slots=True)
class MessageHandler:
    """Invokes a function for each message.

    As on AWS, the invocations of one connection run side by side and their replies may overtake one another. Here they
    start in the order of the messages, and at most `Limits.in_flight` run at a time: then the socket is not read, and
    TCP holds the client back. Strictly one at a time would hide races that an application has on AWS.
    """

    identity: ApiIdentity
    invocations: Invocations
    limits: Limits
    throttling: Throttling

    async def serve(self, connection: GatewayConnection) -> None:
        """Handle messages until the connection closes."""
        running: set[asyncio.Task[None]] = set()
        while True:
            try:
                message = await connection.recv()
            except ConnectionClosed:
                return
            if isinstance(message, bytes):
                await connection.close(CloseCode.UNSUPPORTED_DATA, "Binary frames are not supported")
                return
            while len(running) >= self.limits.in_flight:
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            task = asyncio.ensure_future(self._answer(connection, message))
            running.add(task)
            task.add_done_callback(running.discard)

    async def _answer(self, connection: GatewayConnection, message: str) -> None:
        moment = Moment()
        try:
            reply = await self._reply(connection, message, moment)
        except Refused as refused:
            _LOG.info("message %s of %s: %s", moment.request_id, connection.session.connection_id, refused)
            reply = error_message(str(refused), connection.session.connection_id, moment.request_id)
        # A client that does not read its replies is held back: the messages that wait here count as in flight.
        await connection.until_room(len(reply))
        if reply and connection.is_open():
            connection.push(as_text(reply))

    async def _reply(self, connection: GatewayConnection, message: str, moment: Moment) -> bytes:
        """What goes to the client, empty for nothing. Raises Refused.

        No await before the invocation: that is what keeps the order.
        """
        route = select_route(self.identity.api.route_selection_expression, self.identity.api.routes, message)
        if not self.throttling.take(route.route_key if route else ""):
            raise Refused(error_messages.TOO_MANY_REQUESTS)
        if route is None:
            raise Refused(error_messages.FORBIDDEN)
        event = message_event(self.identity, connection.session, moment, route.route_key, message)
        try:
            timeout_s = min(route.timeout_s, self.limits.integration_s)
            payload = await call(self.invocations, route.function, event, timeout_s)
            return _route_response(payload) if route.route_response else b""
        except IntegrationTimedOut:
            raise Refused(error_messages.TIMED_OUT) from None
        except IntegrationFailed:
            raise Refused(error_messages.INTERNAL_SERVER_ERROR) from None
        except MalformedAnswer as error:
            _LOG.error("function %s: %s", route.function, error)
            raise Refused(error_messages.INTERNAL_SERVER_ERROR) from None


def _route_response(payload: bytes) -> bytes:
    body = proxy_answer(payload).body
    if len(body) > MESSAGE_BYTES:
        raise MalformedAnswer(f"its reply has {len(body)} bytes, of at most {MESSAGE_BYTES}")
    return body
