"""The server on port 4566: finds the service that a request is for."""

import logging
import uuid
from collections.abc import Callable, Mapping

from aiohttp import web

from local.api_gateway import TokenBucket
from local.application import Application
from local.aws_endpoint import errors, sts
from local.aws_endpoint.caller import Caller, caller_of
from local.aws_endpoint.connections_api import PREFIX as EXECUTE_API
from local.aws_endpoint.connections_api import ConnectionsApi
from local.aws_endpoint.engine_proxy import EngineProxy
from local.aws_endpoint.errors import AwsError
from local.aws_endpoint.lambda_api import LambdaApi
from local.endpoints import Endpoints
from local.lambda_service.service import LambdaService
from local.websocket_api.connections import Connections

_LOG = logging.getLogger(__name__)
_CUSTOM_RESOURCES = "/_aws/cloudformation/responses/"
_BODY_BYTES = 7 * 1024 * 1024
"""Of what is read whole (Lambda, @connections); bodies for the engines are not."""
_FORM = "application/x-www-form-urlencoded"
_QUERY_PROTOCOL = frozenset({"sts", "iam", "sns", "cloudformation", "monitoring", "ec2", "autoscaling", "rds"})


class AwsEndpoint:
    """Serves Lambda, @connections, DynamoDB, S3, STS and the response URLs of custom resources on one port."""

    def __init__(
        self,
        service: LambdaService,
        endpoints: Endpoints,
        websocket_connections: Mapping[str, Connections],
        application: Application,
        deliver_custom_resource: Callable[[str, bytes], bool],
        throttle: TokenBucket | None = None,
    ) -> None:
        """`deliver_custom_resource(token, body)` tells whether anything waits for that token.

        `throttle` is the account's, which @connections shares with the APIs.
        """
        self._endpoints = endpoints
        self._lambda = LambdaApi(service, application, endpoints)
        self._connections = ConnectionsApi(websocket_connections, application, throttle)
        self._deliver = deliver_custom_resource
        self._proxy: EngineProxy | None = None
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on `endpoints.aws_port`. Raises OSError when the port is taken."""
        self._proxy = EngineProxy()
        server = web.Application(client_max_size=_BODY_BYTES)
        server.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0, auto_decompress=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._endpoints.host, self._endpoints.aws_port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        if self._proxy is not None:
            await self._proxy.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        caller = caller_of(request.headers, request.query)
        service = service_of(request, caller)
        try:
            return await self._answer(request, caller, service)
        except AwsError as error:
            return error_response(service, request, error)
        except Exception:
            _LOG.exception("%s %s", request.method, request.path)
            failure = AwsError(500, "ServiceException", "The local stack failed; its log has the cause")
            return error_response(service, request, failure)

    async def _answer(self, request: web.Request, caller: Caller | None, service: str | None) -> web.StreamResponse:
        assert self._proxy is not None
        if request.path.startswith(_CUSTOM_RESOURCES) and request.method == "PUT":
            return await self._custom_resource(request)
        if service is None:
            raise errors.missing_credentials()
        if service == "dynamodb":
            return await self._proxy.forward(request, self._endpoints.dynamodb_url, "DynamoDB")
        if service == "s3":
            return await self._proxy.forward(request, self._endpoints.s3_url, "S3")
        if caller is None:
            raise errors.missing_credentials()
        if service == "execute-api" and request.raw_path.startswith(EXECUTE_API):
            return await self._connections.handle(request)
        if service == "lambda":
            return await self._lambda.handle(request)
        if service == "sts":
            return await sts.handle(request, caller, self._endpoints.account_id)
        raise errors.not_offered(service, request.headers.get("X-Amz-Target") or f"{request.method} {request.path}")

    async def _custom_resource(self, request: web.Request) -> web.Response:
        """The presigned URL that CloudFormation gives a custom resource; its secret is the token."""
        if not self._deliver(request.path.removeprefix(_CUSTOM_RESOURCES), await request.read()):
            raise AwsError(403, "AccessDenied", "Nothing waits for an answer with this token")
        return web.Response()


def service_of(request: web.Request, caller: Caller | None) -> str | None:
    """Signing name of the service, None when nothing tells.

    Two requests to S3 carry no signature in header or query: a browser's preflight, and a form whose policy is signed.
    """
    if request.raw_path.startswith(EXECUTE_API):
        return "execute-api"
    if request.headers.get("X-Amz-Target", "").startswith(("DynamoDB_", "DynamoDBStreams_")):
        return "dynamodb" if caller is not None else None
    if caller is not None:
        return caller.service
    preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    form = request.method == "POST" and request.content_type == "multipart/form-data"
    return "s3" if preflight or form else None


def error_response(service: str | None, request: web.Request, error: AwsError) -> web.Response:
    """The error in the protocol of its service."""
    request_id = str(uuid.uuid4())
    if service == "s3":
        return errors.s3_response(error, request_id)
    if service in _QUERY_PROTOCOL or (request.path == "/" and request.content_type == _FORM):
        return errors.query_response(error, request_id)
    return errors.json_response(error, request_id)
