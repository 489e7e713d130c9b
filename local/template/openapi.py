"""Routes of an HTTP API from its OpenAPI body, which is what SAM makes of `Events: Type: HttpApi`.

Extensions: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

from collections.abc import Mapping

from local.application import HttpRoute, JwtAuthorizer
from local.template.context import Context, Properties

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_AUTHORIZER = "x-amazon-apigateway-authorizer"
_INTEGRATION_KEYS = (
    "type", "uri", "httpMethod", "payloadFormatVersion", "timeoutInMillis", "connectionType", "credentials",
    "passthroughBehavior",
)  # fmt: skip
MAXIMUM_TIMEOUT_MS = 30_000


def read_openapi(context: Context, body: Properties) -> list[HttpRoute]:
    """Return the routes of a body.

    Raises:
        TemplateError: an extension or a kind of integration or authorizer that the stack does not honour.
    """
    authorizers = _authorizers(body)
    default = body.values.get("security", [])
    routes = []
    for path, item in body.part("paths").values.items():
        operations = Properties(item, (*body.where, "paths", path)) if isinstance(item, dict) else None
        if operations is None:
            raise body.error("must be a map", "paths", path)
        for method in operations.values:
            if method in _METHODS or method == _ANY:
                operation = operations.part(method)
                routes.append(_route(context, path, method, operation, authorizers, default))
            elif method.startswith("x-amazon"):
                raise operations.error(f"{method} is not honoured here", method)
    for name in body.values:
        if name.startswith("x-amazon") and name not in ("x-amazon-apigateway-cors", "x-amazon-apigateway-tag-value"):
            raise body.error(f"{name} is not honoured here", name)
    return routes


def _route(
    context: Context,
    path: str,
    method: str,
    operation: Properties,
    authorizers: Mapping[str, JwtAuthorizer | None],
    default: object,
) -> HttpRoute:
    if _INTEGRATION not in operation:
        raise operation.error(f"the operation has no {_INTEGRATION}")
    integration = operation.part(_INTEGRATION, _INTEGRATION_KEYS)
    if integration.text("type").lower() != "aws_proxy":
        raise integration.error("only Lambda proxy integrations (aws_proxy) are run here", "type")
    authorizer, scopes = _security(operation, authorizers, default)
    key = "$default" if path == "/$default" or path == "$default" else _route_key(path, method)
    return HttpRoute(
        route_key=key,
        function=context.function_name(integration.text("uri"), (*integration.where, "uri")),
        payload_version=integration.choice("payloadFormatVersion", ("1.0", "2.0"), "1.0"),
        authorizer=authorizer,
        scopes=scopes,
        timeout_s=integration.integer("timeoutInMillis", MAXIMUM_TIMEOUT_MS, 50, MAXIMUM_TIMEOUT_MS) / 1000,
    )


def _route_key(path: str, method: str) -> str:
    return f"{'ANY' if method == _ANY else method.upper()} {path}"


def _security(
    operation: Properties, authorizers: Mapping[str, JwtAuthorizer | None], default: object
) -> tuple[JwtAuthorizer | None, tuple[str, ...]]:
    requirements = operation.values.get("security", default)
    if not isinstance(requirements, list):
        raise operation.error("must be a list", "security")
    named = [(name, scopes) for each in requirements for name, scopes in each.items() if name != "NONE"]
    if not named:
        return None, ()
    if len(named) > 1:
        raise operation.error("a route has at most one authorizer", "security")
    name, scopes = named[0]
    if name not in authorizers:
        raise operation.error(f"there is no security scheme {name}", "security")
    authorizer = authorizers[name]
    return (authorizer, tuple(str(scope) for scope in scopes)) if authorizer else (None, ())


def _authorizers(body: Properties) -> dict[str, JwtAuthorizer | None]:
    found: dict[str, JwtAuthorizer | None] = {}
    schemes = body.part("components").part("securitySchemes")
    for name in schemes.values:
        scheme = schemes.part(name)
        if _AUTHORIZER not in scheme:
            raise scheme.error(f"the security scheme has no {_AUTHORIZER}")
        authorizer = scheme.part(_AUTHORIZER)
        if authorizer.text("type").lower() != "jwt":
            raise authorizer.error("only JWT authorizers are run here on HTTP APIs", "type")
        authorizer.only(("type", "identitySource", "jwtConfiguration"))
        configuration = authorizer.part("jwtConfiguration", ("issuer", "audience"))
        found[name] = JwtAuthorizer(
            name=name,
            issuer=configuration.text("issuer"),
            audience=configuration.texts("audience"),
            identity_source=_identity_source(authorizer),
        )
    return found


def _identity_source(authorizer: Properties) -> str:
    value = authorizer.values.get("identitySource", "$request.header.Authorization")
    if isinstance(value, list):
        return ",".join(authorizer.texts("identitySource"))
    return authorizer.text("identitySource", "$request.header.Authorization")
