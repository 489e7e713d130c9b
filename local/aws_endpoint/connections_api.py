"""@connections of WebSocket APIs: what API Gateway answers at `https://{api}.execute-api…/{stage}/@connections/{id}`.

Here at `/_aws/execute-api/{api}/{stage}/@connections/{id}` (`Endpoints.execute_api_url`).
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote

from aiohttp import web

from local.api_gateway import TokenBucket
from local.application import Application
from local.aws_endpoint.errors import AwsError
from local.websocket_api.connections import (
    ClientBufferFull,
    ConnectionGone,
    Connections,
    InvalidConnectionId,
    MessageTooLarge,
)

PREFIX = "/_aws/execute-api/"
_MESSAGE_BYTES = 131_072


class ConnectionsApi:
    """`connections` by API id."""

    def __init__(
        self, connections: Mapping[str, Connections], application: Application, throttle: TokenBucket | None
    ) -> None:
        self._connections = connections
        self._throttle = throttle
        self._stages = {api.api_id: api.stage for api in application.websocket_apis}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Raises AwsError. GoneException carries no message, as on AWS: botocore finds it by its header."""
        if self._throttle is not None and not self._throttle.take():
            raise _limit_exceeded()
        connections, connection_id = self._target(request.raw_path.partition("?")[0])
        headers = {"x-amzn-RequestId": str(uuid.uuid4())}
        try:
            match request.method:
                case "POST":
                    await connections.post(connection_id, await _read(request))
                    return web.Response(headers=headers)
                case "GET":
                    info = await connections.get(connection_id)
                    identity = {"sourceIp": info.source_ip, "userAgent": info.user_agent}
                    times = {"connectedAt": _time(info.connected_at), "lastActiveAt": _time(info.last_active_at)}
                    return web.json_response({**times, "identity": identity}, headers=headers)
                case "DELETE":
                    await connections.delete(connection_id)
                    return web.Response(status=204, headers=headers)
        except ConnectionGone:
            raise AwsError(410, "GoneException", "", {}) from None
        except MessageTooLarge:
            raise _too_large() from None
        except ClientBufferFull:
            raise _limit_exceeded() from None
        except InvalidConnectionId:
            raise AwsError(400, "BadRequestException", f"Invalid connectionId: {connection_id}") from None
        raise AwsError(403, "MissingAuthenticationTokenException", "Missing Authentication Token")

    def _target(self, raw_path: str) -> tuple[Connections, str]:
        """API and connection id of a path whose segments may be percent-encoded; ids hold `=`, `/` and `+`."""
        api_id, _, rest = raw_path.removeprefix(PREFIX).partition("/")
        stage, _, rest = rest.partition("/")
        word, _, connection_id = rest.partition("/")
        if unquote(word) != "@connections" or not connection_id:
            raise AwsError(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        if self._stages.get(unquote(api_id)) != unquote(stage) or unquote(api_id) not in self._connections:
            raise AwsError(403, "ForbiddenException", "Forbidden")
        return self._connections[unquote(api_id)], unquote(connection_id)


async def _read(request: web.Request) -> bytes:
    try:
        data = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise _too_large() from None
    if len(data) > _MESSAGE_BYTES:
        raise _too_large()
    return data


def _limit_exceeded() -> AwsError:
    """Too many requests, "or the WebSocket client side buffer is full" (API reference, PostToConnection)."""
    return AwsError(429, "LimitExceededException", "Too Many Requests")


def _too_large() -> AwsError:
    return AwsError(413, "PayloadTooLargeException", f"Message is larger than {_MESSAGE_BYTES} bytes")


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
