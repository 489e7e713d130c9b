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
from local.endpoints import Endpoints
from local.lambda_service.errors import FunctionNotFound, InvalidRequestContent, PayloadTooLarge, TooManyRequests
from local.lambda_service.service import LambdaService, check_event

_FUNCTIONS = "/2015-03-31/functions"
_MAPPINGS = "/2015-03-31/event-source-mappings"
_REQUEST_BYTES = 6_291_456
_DEFAULT_PAGE = 50


class LambdaApi:
    """Answers requests signed for `lambda`."""

    def __init__(self, service: LambdaService, application: Application, endpoints: Endpoints) -> None:
        self._service = service
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
                return web.json_response(function_descriptions.description(self._find(name, request.query)))
            case ("GET", True, [name, "configuration"]):
                return web.json_response(function_descriptions.configuration(self._find(name, request.query)))
            case ("GET", False, _) if path == _MAPPINGS:
                return web.json_response({"EventSourceMappings": self._mappings(request.query)})
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
        """A page; the marker is the name of the last function of the page before."""
        after, size = query.get("Marker", ""), _page_size(query.get("MaxItems"))
        names = sorted(name for name in self._application.functions if name > after)
        functions = [function_descriptions.configuration(self._application.functions[name]) for name in names[:size]]
        more = {"NextMarker": names[size - 1]} if len(names) > size else {}
        return {"Functions": functions, **more}

    def _mappings(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        wanted = self._name(query["FunctionName"], {}) if "FunctionName" in query else None
        source = query.get("EventSourceArn")
        return [
            function_descriptions.event_source_mapping(
                mapping, self._application.functions[mapping.function], self._endpoints.kafka_bootstrap_servers
            )
            for mapping in self._application.kafka_mappings
            if wanted in (None, mapping.function) and source in (None, mapping.event_source_arn)
        ]


def client_context(header: str | None) -> str | None:
    """The JSON in X-Amz-Client-Context. Raises AwsError when it is no Base64 of a JSON object."""
    if header is None:
        return None
    try:
        text = base64.b64decode(header, validate=True).decode()
        if isinstance(json.loads(text), dict):
            return text
    except (binascii.Error, ValueError):
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


def _page_size(given: str | None) -> int:
    if given is None:
        return _DEFAULT_PAGE
    if not given.isdecimal() or not 1 <= int(given) <= 10_000:
        raise AwsError(400, "InvalidParameterValueException", f"MaxItems is 1 to 10000, not '{given}'")
    return min(int(given), _DEFAULT_PAGE)
