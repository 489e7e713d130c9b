"""Functions called as Lambda calls them: loaded from their folder, with events as the gateways make them."""

import base64
import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chat4all import bootstrap, config

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP function answered."""

    status: int
    headers: dict[str, str]
    body: Any
    """Read from JSON; None where there is none."""
    cookies: tuple[str, ...] = ()
    """Each `set-cookie`."""


class Context:
    """Lambda's context, as far as powertools and the product look at it."""

    function_name = "contract"
    memory_limit_in_mb = "512"
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:contract"
    aws_request_id = "contract-request"

    def get_remaining_time_in_millis(self) -> int:
        """As at the start of an invocation."""
        return 15_000


def invoke(name: str, event: dict[str, Any]) -> Any:
    """What the function `name` returns; its exceptions pass."""
    return _handler(name)(event, Context())


def request(
    name: str,
    method: str,
    path: str,
    *,
    json_body: Any = None,
    form: dict[str, str] | None = None,
    raw: str | None = None,
    binary: bytes | None = None,
    caller: str | None = None,
    session: str | None = None,
    source_ip: str = "192.0.2.1",
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    cookies: tuple[str, ...] = (),
) -> Answer:
    """Send an HTTP request to the function `name`."""
    body, is_base64, content_type = raw, False, "application/json"
    if json_body is not None:
        body = json.dumps(json_body)
    if form is not None:
        body, is_base64 = base64.b64encode(urlencode(form).encode()).decode(), True
        content_type = "application/x-www-form-urlencoded"
    if binary is not None:
        body, is_base64, content_type = base64.b64encode(binary).decode(), True, "application/octet-stream"
    claims = {"sub": caller} | ({"sid": session} if session else {})
    authorizer = {"authorizer": {"jwt": {"claims": claims, "scopes": None}}} if caller else {}
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": source_ip, "userAgent": "test"}
    event = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": {"content-type": content_type} | (headers or {}),
        "requestContext": {"http": http, "requestId": "r", "stage": "$default"} | authorizer,
        "isBase64Encoded": is_base64,
    }
    if query:
        event["queryStringParameters"] = query
    if cookies:
        event["cookies"] = list(cookies)
    if body is not None:
        event["body"] = body
    answer = invoke(name, event)
    text = answer.get("body")
    document = json.loads(text) if text else None
    return Answer(answer["statusCode"], answer["headers"], document, tuple(answer.get("cookies", ())))


def new_environments() -> None:
    """Functions, their settings and services are made anew: what they keep from their first request on is gone."""
    for cached in (config.settings, bootstrap.app, _handler):
        cached.cache_clear()


@cache
def _handler(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"function_{name}", FUNCTIONS / name / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler
