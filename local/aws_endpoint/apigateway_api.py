"""API Gateway V2, reading: APIs, their routes and their stages.

docs.aws.amazon.com/apigatewayv2/latest/api-reference/resources.html
"""

import re
from typing import Any

from aiohttp import web

from local.application import Application, HttpApi, WebSocketApi
from local.aws_endpoint.errors import AwsError, not_offered
from local.endpoints import Endpoints

_PATH = re.compile(r"/v2/apis(?:/([^/]+)(?:/(routes|stages)(?:/([^/]+))?)?)?")
Api = HttpApi | WebSocketApi


class ApiGatewayApi:
    """Answers requests signed for `apigateway`."""

    def __init__(self, application: Application, endpoints: Endpoints) -> None:
        http = {
            api.api_id: (api, f"http://{endpoints.host}:{endpoints.http_port + index}")
            for index, api in enumerate(application.http_apis)
        }
        websocket = {
            api.api_id: (api, f"ws://{endpoints.host}:{endpoints.websocket_port + index}")
            for index, api in enumerate(application.websocket_apis)
        }
        self._apis: dict[str, tuple[Api, str]] = {**http, **websocket}

    async def handle(self, request: web.Request) -> web.Response:
        """Raises AwsError."""
        match = _PATH.fullmatch(request.path.rstrip("/"))
        if request.method != "GET" or match is None:
            raise not_offered("apigateway", f"{request.method} {request.path}")
        api_id, kind, item = match.groups()
        if api_id is None:
            return web.json_response({"items": [_api(api, address) for api, address in self._apis.values()]})
        if api_id not in self._apis:
            raise _not_found(f"Invalid API identifier specified {api_id}")
        api, address = self._apis[api_id]
        if kind is None:
            return web.json_response(_api(api, address))
        items = _routes(api) if kind == "routes" else [_stage(api)]
        if item is None:
            return web.json_response({"items": items})
        name = "routeId" if kind == "routes" else "stageName"
        found = next((each for each in items if each[name] == item), None)
        if found is None:
            raise _not_found(f"Invalid {kind.removesuffix('s').title()} identifier specified {item}")
        return web.json_response(found)


def _api(api: Api, address: str) -> dict[str, Any]:
    """The endpoint is the local address: there is no other one that answers."""
    http = isinstance(api, HttpApi)
    answer: dict[str, Any] = {
        "apiId": api.api_id,
        "name": api.logical_id,
        "protocolType": "HTTP" if http else "WEBSOCKET",
        "apiEndpoint": address,
        "routeSelectionExpression": (
            "$request.method $request.path" if isinstance(api, HttpApi) else api.route_selection_expression
        ),
        "disableExecuteApiEndpoint": False,
    }
    if isinstance(api, HttpApi) and api.cors is not None:
        cors = api.cors
        answer["corsConfiguration"] = {
            "allowOrigins": list(cors.allow_origins),
            "allowMethods": list(cors.allow_methods),
            "allowHeaders": list(cors.allow_headers),
            "exposeHeaders": list(cors.expose_headers),
            "allowCredentials": cors.allow_credentials,
        } | ({} if cors.max_age_s is None else {"maxAge": cors.max_age_s})
    return answer


def _routes(api: Api) -> list[dict[str, Any]]:
    """Route ids are made of the order here."""
    if isinstance(api, HttpApi):
        return [
            {
                "routeId": f"route{index}",
                "routeKey": route.route_key,
                "target": f"integrations/{route.function}",
                "authorizationType": "JWT" if route.authorizer else "NONE",
                "authorizationScopes": list(route.scopes),
                "apiKeyRequired": False,
            }
            for index, route in enumerate(api.routes)
        ]
    return [
        {
            "routeId": f"route{index}",
            "routeKey": route.route_key,
            "target": f"integrations/{route.function}",
            "authorizationType": "CUSTOM" if api.authorizer and route.route_key == "$connect" else "NONE",
            "apiKeyRequired": False,
        }
        for index, route in enumerate(api.routes.values())
    ]


def _stage(api: Api) -> dict[str, Any]:
    return {"stageName": api.stage, "stageVariables": dict(api.stage_variables), "autoDeploy": True}


def _not_found(text: str) -> AwsError:
    return AwsError(404, "NotFoundException", text)
