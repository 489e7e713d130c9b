"""The server on port 4566: finds the service that a request is for."""

import logging
import uuid

from aiohttp import web
from yarl import URL

from local.aws_endpoint import errors
from local.aws_endpoint.browsers import check_not_foreign
from local.aws_endpoint.caller import Caller, caller_of, check_scope
from local.aws_endpoint.connections_api import PREFIX as EXECUTE_API
from local.aws_endpoint.connections_api import ConnectionsApi
from local.aws_endpoint.engine_proxy import EngineProxy
from local.aws_endpoint.errors import AwsError
from local.aws_endpoint.health import health
from local.aws_endpoint.secret_rotation import Rotations
from local.aws_endpoint.services import Handler, Parts, handlers, rotations_of

_LOG = logging.getLogger(__name__)
_CUSTOM_RESOURCES = "/_aws/cloudformation/responses/"
OBJECT_CHANGES = "/_aws/s3/changes"
"""Where the S3 engine tells what becomes of objects."""
_HEALTH = frozenset({"/_localstack/health", "/health"})
_BODY_BYTES = 7 * 1024 * 1024
"""Of what is read whole (Lambda, @connections); bodies for the engines are not."""
_FORM = "application/x-www-form-urlencoded"
_QUERY_PROTOCOL = frozenset({"sts", "iam", "sns", "cloudformation", "monitoring", "ec2", "autoscaling", "rds"})
_TARGETS = {
    "DynamoDB_20120810": "dynamodb",
    "DynamoDBStreams_20120810": "dynamodb",
    "Logs_20140328": "logs",
    "AmazonSSM": "ssm",
    "secretsmanager": "secretsmanager",
}
"""Signing name by the part of X-Amz-Target before the operation."""


class AwsEndpoint:
    """Serves every service of `services.handlers`, @connections, and the response URLs of custom resources on one port."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._endpoints = parts.endpoints
        self._connections = ConnectionsApi(parts.websocket_connections, parts.application, parts.throttle)
        self._handlers: dict[str, Handler] = {}
        self._rotations: Rotations | None = None
        self._proxy: EngineProxy | None = None
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on `endpoints.aws_port`. Raises OSError when the port is taken."""
        self._proxy = EngineProxy(self._parts.engine_fault)
        self._rotations = rotations_of(self._parts)
        self._handlers = handlers(self._parts, self._proxy, self._rotations)
        server = web.Application(client_max_size=_BODY_BYTES)
        server.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0, auto_decompress=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._endpoints.host, self._endpoints.aws_port, backlog=1024).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        if self._rotations is not None:
            await self._rotations.stop()
        if self._proxy is not None:
            await self._proxy.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        service = None
        try:
            caller = caller_of(request.headers, request.query)
            service = service_of(request, caller)
            return await self._answer(request, caller, service)
        except AwsError as error:
            return error_response(service, request, error)
        except Exception:
            _LOG.exception("%s %s", request.method, request.path)
            failure = AwsError(500, "ServiceException", "The local stack failed; its log has the cause")
            return error_response(service, request, failure)

    async def _answer(self, request: web.Request, caller: Caller | None, service: str | None) -> web.StreamResponse:
        if request.path.startswith(_CUSTOM_RESOURCES) and request.method == "PUT":
            return await self._custom_resource(request)
        if request.path == OBJECT_CHANGES and request.method == "POST":
            return await self._objects_changed(request)
        if request.path in _HEALTH and caller is None and request.method in ("GET", "HEAD"):
            return web.json_response(health(self._parts.application))
        if service is None:
            raise errors.missing_credentials()
        if service == "s3":
            # The engine knows the keys and checks the signature; and what is public needs none.
            return await self._handlers["s3"](request, caller or Caller("", "", "s3"))
        check_not_foreign(request.headers)
        if caller is None:
            raise errors.missing_credentials()
        if service == "execute-api" or service in self._handlers:
            check_scope(caller, request.headers, service, self._endpoints.region)
        if service == "execute-api":
            return await self._connections.handle(self._of_an_api(request))
        if service not in self._handlers:
            what = request.headers.get("X-Amz-Target") or f"{request.method} {request.path}"
            raise errors.not_offered(service, what)
        return await self._handlers[service](request, caller)

    def _of_an_api(self, request: web.Request) -> web.Request:
        """With `/@connections/…` alone, as clients of LocalStack send it, the only WebSocket API is meant."""
        apis = self._parts.application.websocket_apis
        if request.raw_path.startswith(EXECUTE_API) or len(apis) != 1:
            return request
        path = request.raw_path.removeprefix(f"/{apis[0].stage}")
        return request.clone(rel_url=URL(f"{EXECUTE_API}{apis[0].api_id}/{apis[0].stage}{path}", encoded=True))

    async def _custom_resource(self, request: web.Request) -> web.Response:
        """The presigned URL that CloudFormation gives a custom resource; its secret is the token."""
        if not self._parts.deliver_custom_resource(request.path.removeprefix(_CUSTOM_RESOURCES), await request.read()):
            raise AwsError(403, "AccessDenied", "Nothing waits for an answer with this token")
        return web.Response()

    async def _objects_changed(self, request: web.Request) -> web.Response:
        told = self._parts.objects_changed
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if told is None or not await told(token, await request.read()):
            raise AwsError(403, "AccessDenied", "Only the S3 engine tells what becomes of objects")
        return web.Response()


def service_of(request: web.Request, caller: Caller | None) -> str | None:
    """Signing name of the service, None when nothing tells.

    Two requests to S3 carry no signature in header or query: a browser's preflight, and a form whose policy is signed.
    """
    if request.raw_path.startswith(EXECUTE_API):
        return "execute-api"
    target = _TARGETS.get(request.headers.get("X-Amz-Target", "").rpartition(".")[0])
    if target is not None:
        return target
    if caller is not None:
        return caller.service
    preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    form = request.method == "POST" and request.content_type == "multipart/form-data"
    return "s3" if preflight or form or ".s3." in f".{request.host}" else None


def error_response(service: str | None, request: web.Request, error: AwsError) -> web.Response:
    """The error in the protocol of its service."""
    request_id = str(uuid.uuid4())
    if service == "s3":
        return errors.s3_response(error, request_id)
    if service in _QUERY_PROTOCOL or (request.path == "/" and request.content_type == _FORM):
        return errors.query_response(error, request_id)
    if "X-Amz-Target" in request.headers:
        return errors.target_response(error, request_id, "json-1.0" in request.content_type)
    return errors.json_response(error, request_id)
