"""Whether a client may connect: the authorizer, then the `$connect` route."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from websockets.exceptions import InvalidHandshake
from websockets.http11 import Request, Response

from local.api_gateway import TokenBucket, new_trace_id
from local.application import RequestAuthorizer, WebSocketRoute
from local.function_answer import MalformedAnswer
from local.invocation import Invocations
from local.websocket_api import error_messages
from local.websocket_api.authorizer_policy import AccessDenied, MalformedPolicy, authorizer_context
from local.websocket_api.connection import GatewayConnection
from local.websocket_api.error_messages import refusal
from local.websocket_api.events import ApiIdentity, Moment, Upgrade, authorizer_event, connect_event
from local.websocket_api.function_answer import proxy_answer
from local.websocket_api.identity_sources import has_identity
from local.websocket_api.integrations import IntegrationFailed, IntegrationTimedOut, call
from local.websocket_api.limits import Limits
from local.websocket_api.reports import report_refusal
from local.websocket_api.route_selection import CONNECT
from local.websocket_api.session import Session
from local.websocket_api.throttling import Throttling

_LOG = logging.getLogger(__name__)


class Refused(Exception):
    """The handshake ends with this response."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Handshake:
    """Admits clients of one API."""

    identity: ApiIdentity
    invocations: Invocations
    limits: Limits
    throttling: Throttling
    connects: TokenBucket
    on_lost: Callable[[GatewayConnection], None]

    async def admit(self, connection: GatewayConnection, request: Request) -> Response | None:
        """None lets the client in (then `on_lost` follows when it goes); a response turns it away."""
        connection.session = _session(connection, request)
        try:
            connection.protocol.process_request(request)
        except InvalidHandshake as error:
            _report(connection, str(error))
            return None  # no WebSocket handshake: the library answers what is wrong with it
        moment = Moment()
        upgrade = self._upgrade(connection, request)
        try:
            self._refuse_early(request)
            await self._authorize(connection.session, upgrade, moment)
            answer = await self._connect(connection, upgrade, moment)
        except Refused as refused:
            return self._refusal(connection, moment, refused)
        if answer is not None:
            return answer
        connection.outgoing_bytes = self.limits.outgoing_bytes
        if connection.connection_lost_waiter.done():
            self.on_lost(connection)  # gone while $connect ran
        else:
            connection.on_lost = self.on_lost
        return None

    def _upgrade(self, connection: GatewayConnection, request: Request) -> Upgrade:
        headers = list(request.headers.raw_items())
        port = self.identity.domain_name.rpartition(":")[2]
        headers += [("X-Amzn-Trace-Id", new_trace_id()), ("X-Forwarded-For", connection.session.source_ip)]
        headers += [("X-Forwarded-Port", port), ("X-Forwarded-Proto", "http")]
        return Upgrade(headers, request.path.partition("?")[2])

    def _refuse_early(self, request: Request) -> None:
        # The local address has no stage; the one of AWS, which is wss://host/stage, works too.
        if request.path.partition("?")[0].rstrip("/") not in ("", f"/{self.identity.api.stage}"):
            raise Refused(403, error_messages.FORBIDDEN)
        if not self.connects.take() or not self.throttling.take(CONNECT):
            raise Refused(429, error_messages.TOO_MANY_REQUESTS)

    async def _authorize(self, session: Session, upgrade: Upgrade, moment: Moment) -> None:
        authorizer = self.identity.api.authorizer
        if authorizer is None:
            return
        event = authorizer_event(self.identity, session, upgrade, moment)
        if not has_identity(authorizer.identity_sources, event):
            raise Refused(401, error_messages.UNAUTHORIZED)
        try:
            payload = await call(self.invocations, authorizer.function, event, self.limits.integration_s)
            session.authorizer = authorizer_context(payload, self.identity.connect_arn)
        except AccessDenied:
            raise Refused(403, error_messages.FORBIDDEN) from None
        except IntegrationFailed as failure:
            raise _authorizer_failure(failure) from None
        except MalformedPolicy as error:
            _LOG.error("%s: %s", _name(authorizer), error)
            raise Refused(500, error_messages.INTERNAL_SERVER_ERROR) from None

    async def _connect(self, connection: GatewayConnection, upgrade: Upgrade, moment: Moment) -> Response | None:
        """Run `$connect`, where there is one: None is a 2xx; another status is the client's, with the body."""
        route = self.identity.api.routes.get(CONNECT)
        if route is None:
            return None
        event = connect_event(self.identity, connection.session, upgrade, moment)
        try:
            timeout_s = min(route.timeout_s, self.limits.integration_s)
            answer = proxy_answer(await call(self.invocations, route.function, event, timeout_s))
        except IntegrationTimedOut:
            raise Refused(504, error_messages.TIMED_OUT) from None
        except IntegrationFailed:
            raise Refused(502, error_messages.INTERNAL_SERVER_ERROR) from None
        except MalformedAnswer as error:
            _LOG.error("%s: %s", _name(route), error)
            raise Refused(502, error_messages.INTERNAL_SERVER_ERROR) from None
        if not answer.is_success:
            _report(connection, f"{answer.status} by {_name(route)}")
            return refusal(answer.status, answer.body, answer.headers.get("content-type", "application/json"))
        connection.subprotocol_answer = answer.headers.get("sec-websocket-protocol")
        return None

    def _refusal(self, connection: GatewayConnection, moment: Moment, refused: Refused) -> Response:
        _report(connection, f"{refused.status} {refused.message}")
        connection_id = connection.session.connection_id
        return refusal(refused.status, error_messages.error_message(refused.message, connection_id, moment.request_id))


def _session(connection: GatewayConnection, request: Request) -> Session:
    address = connection.remote_address
    agents = request.headers.get_all("User-Agent")
    return Session(source_ip=address[0] if address else "", user_agent=agents[-1] if agents else None)


def _report(connection: GatewayConnection, why: str) -> None:
    report_refusal(connection.remote_address, connection.session.connection_id, why)


def _authorizer_failure(failure: IntegrationFailed) -> Refused:
    """A function that raises "Unauthorized" means 401; any other failure is 500."""
    if failure.error.get("errorMessage") == "Unauthorized":
        return Refused(401, error_messages.UNAUTHORIZED)
    return Refused(500, error_messages.INTERNAL_SERVER_ERROR)


def _name(integration: WebSocketRoute | RequestAuthorizer) -> str:
    return f"function {integration.function}"
