"""What the answer of an integration means: Lambda proxy integrations of WebSocket APIs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.function_answer import MalformedAnswer, answer_body


@dataclass(frozen=True, slots=True)
class ProxyAnswer:
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status <= 299


def proxy_answer(payload: bytes) -> ProxyAnswer:
    """Read `{statusCode, headers?, body?, isBase64Encoded?}`. Raises MalformedAnswer."""
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise MalformedAnswer(f"the function's answer is no JSON: {error}") from error
    if not isinstance(answer, dict):
        raise MalformedAnswer("the function's answer is no object")
    return ProxyAnswer(
        _status(answer.get("statusCode")),
        _headers(answer.get("headers")),
        answer_body(answer.get("body"), answer.get("isBase64Encoded")),
    )


def _status(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 200 <= value <= 599:
        raise MalformedAnswer(f"statusCode is {value!r}, not a number from 200 to 599")
    return value


def _headers(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedAnswer("headers is no object")
    headers = {name.lower(): str(text) for name, text in value.items()}
    for name, text in headers.items():
        if any(character in name + text for character in "\r\n\0"):
            raise MalformedAnswer(f"header {name!r} holds a line break")
    return headers
