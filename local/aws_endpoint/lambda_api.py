"""The operations of the Lambda API: Invoke, and those that list what there is."""

import base64
import binascii
import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from local.application import Application
from local.aws_endpoint import function_descriptions
from local.aws_endpoint.errors import AwsError, not_offered
from local.aws_endpoint.function_names import function_name, not_found
from local.aws_endpoint.listing import listing_page
from local.aws_endpoint.mappings_api import MappingsApi
from local.endpoints import Endpoints
from local.lambda_service.errors import FunctionNotFound, InvalidRequestContent, PayloadTooLarge, TooManyRequests
from local.lambda_service.service import LambdaService, check_event

_FUNCTIONS = "/2015-03-31/functions"
_REQUEST_BYTES = 6_291_456
_DEFAULT_PAGE = 50


class LambdaApi:
    """Answers requests signed for `lambda`."""

    def __init__(
        self, service: LambdaService, application: Application, endpoints: Endpoints, mappings: MappingsApi
    ) -> None:
        self._service = service
        self._mappings = mappings
        self._application = application
        self._endpoints = endpoints

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Raises AwsError."""
        path = request.raw_path.partition("?")[0].rstrip("/")
        parts = [unquote(part) for part in path.removeprefix(_FUNCTIONS).split("/")[1:]]
        inside = path == _FUNCTIONS or path.startswith(f"{_FUNCTIONS}/")
        match (request.method, inside, parts):
            case ("POST", True, [name, "invocations"]):
                return await self._invoke(request, self._name(name, request.query))
            case ("GET", True, []):
                return web.json_response(self._list(request.query))
            case ("GET", True, [name]):
                return web.json_response(
                    function_descriptions.description(self._find(name, request.query), self._application)
                )
            case ("GET", True, [name, "configuration"]):
                return web.json_response(function_descriptions.configuration(self._find(name, request.query)))
        return await self._handle_others(request, path)

    async def _handle_others(self, request: web.Request, path: str) -> web.StreamResponse:
        """What lies under other paths: each operation of the Lambda API has the date of its version in its path."""
        parts = [unquote(part) for part in path.split("/")[1:]]
        match (request.method, parts):
            case ("GET", ["2015-03-31", "event-source-mappings"]):
                name = request.query.get("FunctionName")
                function = self._name(name, {}) if name else None
                return web.json_response(self._mappings.list(request.query, function))
            case ("GET", ["2015-03-31", "event-source-mappings", uuid]):
                return web.json_response(self._mappings.get(uuid))
            case ("PUT", ["2015-03-31", "event-source-mappings", uuid]):
                return web.json_response(await self._mappings.update(uuid, request), status=202)
            case ("GET", ["2016-08-19", "account-settings"]):
                return web.json_response(function_descriptions.account_settings(self._application))
            case ("GET", ["2019-09-30" | "2017-10-31", "functions", name, "concurrency"]):
                return web.json_response(function_descriptions.concurrency(self._find(name, request.query)))
            case ("GET", ["2017-03-31", "tags", arn]):
                return web.json_response({"Tags": function_descriptions.tags(self._find(arn, {}), self._application)})
        raise not_offered("lambda", f"{request.method} {path or '/'}")

    async def _invoke(self, request: web.Request, name: str) -> web.Response:
        kind = _one_of(request, "X-Amz-Invocation-Type", "invocationType", ("RequestResponse", "Event", "DryRun"))
        log = _one_of(request, "X-Amz-Log-Type", "logType", ("None", "Tail"))
        context = client_context(request.headers.get("X-Amz-Client-Context"))
        try:
            payload = await _read(request)
            if kind == "Event":
                request_id = self._service.invoke_event(name, payload)
                return web.Response(status=202, headers={"x-amzn-RequestId": request_id})
            if kind == "DryRun":
                self._service.function(name)
                check_event(payload, _REQUEST_BYTES)
                return web.Response(status=204, headers={"x-amzn-RequestId": str(uuid.uuid4())})
            result = await self._service.invoke(name, payload, client_context=context)
        except FunctionNotFound:
            raise self._not_found(name) from None
        except (TooManyRequests, PayloadTooLarge, InvalidRequestContent) as error:
            raise refusal(error) from error
        headers = {"x-amzn-RequestId": result.request_id, "X-Amz-Executed-Version": "$LATEST"}
        if result.function_error is not None:
            headers["X-Amz-Function-Error"] = result.function_error
        if log == "Tail":
            headers["X-Amz-Log-Result"] = base64.b64encode(result.log_tail).decode()
        return web.Response(body=result.payload, headers=headers, content_type="application/json")

    def _name(self, given: str, query: Mapping[str, str]) -> str:
        return function_name(given, query.get("Qualifier"), self._endpoints.region, self._endpoints.account_id)

    def _find(self, given: str, query: Mapping[str, str]) -> Any:
        name = self._name(given, query)
        if name not in self._application.functions:
            raise self._not_found(name)
        return self._application.functions[name]

    def _not_found(self, name: str) -> AwsError:
        return not_found(name, self._endpoints.region, self._endpoints.account_id)

    def _list(self, query: Mapping[str, str]) -> dict[str, Any]:
        functions = sorted(self._application.functions.items())
        found = {name: function_descriptions.configuration(function) for name, function in functions}
        return listing_page(query, "Functions", found, default=_DEFAULT_PAGE, most=_DEFAULT_PAGE)


def client_context(header: str | None) -> str | None:
    """The JSON in X-Amz-Client-Context. Raises AwsError when it is no Base64 of a JSON object."""
    if header is None:
        return None
    try:
        text = base64.b64decode(header, validate=True).decode()
        if isinstance(json.loads(text), dict):
            return text
    except (binascii.Error, ValueError, RecursionError):
        pass
    message = "Client context must be a valid Base64-encoded JSON object."
    raise AwsError(400, "InvalidRequestContentException", message, {"Type": "User", "message": message})


def refusal(error: Exception) -> AwsError:
    """An exception of the service in the words of the API."""
    text = str(error)
    if isinstance(error, PayloadTooLarge):
        return AwsError(413, "RequestTooLargeException", text, {"Type": "User", "Message": text})
    if isinstance(error, InvalidRequestContent):
        return AwsError(400, "InvalidRequestContentException", text, {"Type": "User", "message": text})
    reserved = "Reserved" in text
    reason = "ReservedFunctionConcurrentInvocationLimitExceeded" if reserved else "ConcurrentInvocationLimitExceeded"
    body: dict[str, object] = {"Reason": reason, "Type": "User", "message": "Rate Exceeded."}
    return AwsError(429, "TooManyRequestsException", "Rate Exceeded.", body)


async def _read(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        text = f"Request must be smaller than {_REQUEST_BYTES} bytes for the InvokeFunction operation"
        raise PayloadTooLarge(text) from None


def _one_of(request: web.Request, header: str, parameter: str, allowed: tuple[str, ...]) -> str:
    value = request.headers.get(header, allowed[0])
    if value not in allowed:
        text = (
            f"1 validation error detected: Value '{value}' at '{parameter}' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(allowed)}]"
        )
        raise AwsError(400, "ValidationException", text)
    return value
