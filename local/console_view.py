"""The running stack as the console sees it (`local.console.StackView`)."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from local.application import Application
from local.captures.service import CapturingLambdaService
from local.console import Answer, ConnectionRefused, InvocationRefused, OpenConnection
from local.endpoints import Endpoints
from local.invocation import FunctionNotFound, TooManyRequests
from local.lambda_service.errors import InvalidRequestContent, PayloadTooLarge
from local.schedules import Schedules
from local.status import Status
from local.websocket_api.connections import ClientBufferFull, ConnectionGone, InvalidConnectionId, MessageTooLarge
from local.websocket_api.open_connections import OpenConnections

_REFUSALS: Mapping[type[BaseException], str] = {
    FunctionNotFound: "ResourceNotFoundException",
    PayloadTooLarge: "RequestTooLargeException",
    InvalidRequestContent: "InvalidRequestContentException",
    TooManyRequests: "TooManyRequestsException",
}


@dataclass(frozen=True, slots=True)
class RunningStack:
    """Parts of one stack; `open_connections` by the logical id of the WebSocket API."""

    application: Application
    endpoints: Endpoints
    function_logs: Path
    status: Callable[[], Status]
    service: CapturingLambdaService
    schedules: Schedules
    open_connections: Mapping[str, OpenConnections]
    kafka_security: Mapping[str, str]

    def next_times(self) -> Mapping[str, datetime | None]:
        return self.schedules.next_times()

    def connections(self) -> Sequence[OpenConnection]:
        now, monotonic = time.time(), time.monotonic()
        return [
            OpenConnection(
                api=api,
                connection_id=connection.session.connection_id,
                connected_at=connection.session.connected_ms / 1000,
                last_active_at=now - (monotonic - connection.session.active_at),
                source_ip=connection.session.source_ip,
                user_agent=connection.session.user_agent or "",
            )
            for api, connections in self.open_connections.items()
            for connection in connections
        ]

    async def send(self, api: str, connection_id: str, data: bytes) -> None:
        connections = self._connections(api)
        try:
            await connections.post(connection_id, data)
        except (ConnectionGone, InvalidConnectionId) as error:
            raise ConnectionRefused(f"no open connection has the id {connection_id[:100]}") from error
        except (MessageTooLarge, ClientBufferFull) as error:
            raise ConnectionRefused(str(error)) from error

    async def close(self, api: str, connection_id: str) -> None:
        connections = self._connections(api)
        try:
            await connections.delete(connection_id)
        except (ConnectionGone, InvalidConnectionId) as error:
            raise ConnectionRefused(f"no open connection has the id {connection_id[:100]}") from error

    async def invoke(self, name: str, payload: bytes) -> Answer:
        try:
            result = await self.service.invoke(name, payload)
        except (FunctionNotFound, PayloadTooLarge, InvalidRequestContent, TooManyRequests) as error:
            raise InvocationRefused(f"{_REFUSALS[type(error)]}: {error}") from error
        return Answer(result.request_id, result.payload, result.function_error, result.log_tail)

    def _connections(self, api: str) -> OpenConnections:
        try:
            return self.open_connections[api]
        except KeyError:
            raise ConnectionRefused(f"there is no WebSocket API {api[:100]}") from None
