"""What a function's answer means to the client (Developer Guide, "Lambda function response for format 2.0 / 1.0")."""

import json
import re
from typing import Any

import orjson

from local.function_answer import MalformedAnswer, answer_body
from local.http_api.messages import Headers, Response

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110, 5.6.2)."""
_LINE_BREAK = re.compile(r"[\r\n\0]")
_NOT_FORWARDED = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"})


def interpret(payload: bytes, payload_version: str) -> Response:
    """Response for the JSON that a function returned. Raises MalformedAnswer."""
    answer = _parsed(payload or b"null")
    if isinstance(answer, dict) and "statusCode" in answer:
        return _formatted(answer, payload_version)
    if payload_version == "1.0":
        raise MalformedAnswer("an answer of payload format 1.0 needs statusCode")
    # Without statusCode, format 2.0 infers 200 and JSON; a string is the body as it stands.
    body = answer.encode(errors="replace") if isinstance(answer, str) else payload
    return Response(200, [("content-type", "application/json")], body)


def _parsed(payload: bytes) -> Any:
    try:
        return orjson.loads(payload)
    except ValueError:  # NaN too, and halves of surrogate pairs, which a function may answer
        try:
            return json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise MalformedAnswer(f"the function's answer is no JSON: {error}") from error


def _formatted(answer: dict[str, Any], payload_version: str) -> Response:
    status = _status(answer["statusCode"])
    headers = _headers(answer.get("headers"))
    if payload_version == "1.0":
        headers = _with_multi_values(headers, answer.get("multiValueHeaders"))
    else:
        headers += [("set-cookie", cookie) for cookie in _cookies(answer.get("cookies"))]
    body = answer_body(answer.get("body"), answer.get("isBase64Encoded"))
    if body and not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    return Response(status, headers, body)


def _status(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 200 <= value <= 599:
        raise MalformedAnswer(f"statusCode is {value!r}, not a number from 200 to 599")
    return value


def _headers(value: Any) -> Headers:
    if value is None:
        return []
    if not isinstance(value, dict):
        raise MalformedAnswer(f"headers is a {type(value).__name__}, not an object")
    return [
        (name.lower(), _scalar(name, item))
        for name, item in value.items()
        if name.lower() not in _NOT_FORWARDED and item is not None
    ]


def _with_multi_values(headers: Headers, value: Any) -> Headers:
    """Headers with those of multiValueHeaders, which go before single values of the same name."""
    if value is None:
        return headers
    if not isinstance(value, dict) or not all(isinstance(items, list) for items in value.values()):
        raise MalformedAnswer("multiValueHeaders is not an object of lists")
    names = {name.lower() for name in value}
    single = [item for item in headers if item[0] not in names]
    multiple = [
        (name.lower(), _scalar(name, item))
        for name, items in value.items()
        for item in items
        if name.lower() not in _NOT_FORWARDED
    ]
    return single + multiple


def _scalar(name: str, value: Any) -> str:
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str | int | float):
        text = str(value)
    else:
        raise MalformedAnswer(f"header {name!r} is a {type(value).__name__}, not a text")
    if not _TOKEN.fullmatch(name):
        raise MalformedAnswer(f"{name!r} is no header name")
    if _LINE_BREAK.search(text):
        raise MalformedAnswer(f"header {name!r} holds a line break")
    return text


def _cookies(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(cookie, str) for cookie in value):
        raise MalformedAnswer("cookies is not a list of texts")
    return [_scalar("set-cookie", cookie) for cookie in value]
