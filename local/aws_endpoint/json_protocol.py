"""AWS's JSON protocols 1.0 and 1.1: the operation is named by X-Amz-Target, the input and the answer are JSON objects.

smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
"""

import asyncio
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local.aws_endpoint.errors import AwsError, not_offered

Answer = Mapping[str, Any]
Operation = Callable[["Input"], Answer]


class Input:
    """Members of a request, read with the checks that AWS makes. `invalid` is the service's exception for a bad value."""

    def __init__(self, values: Mapping[str, Any], invalid: str) -> None:
        self._values = values
        self._invalid = invalid

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def error(self, text: str) -> AwsError:
        return AwsError(400, self._invalid, text)

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required when there is no default."""
        value = self.optional_text(name)
        if value is not None:
            return value
        if default is None:
            text = f"1 validation error detected: Value at '{_camel(name)}' failed to satisfy constraint: Member must not be null"
            raise self.error(text)
        return default

    def optional_text(self, name: str) -> str | None:
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            raise serialization_error(f"{name} is a string")
        return value

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        value = self._values.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise serialization_error(f"{name} is a whole number")
        if not least <= value <= most:
            text = (
                f"1 validation error detected: Value '{value}' at '{_camel(name)}' failed to satisfy constraint: "
                f"Member must have value between {least} and {most}"
            )
            raise self.error(text)
        return value

    def boolean(self, name: str, default: bool = False) -> bool:
        value = self._values.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise serialization_error(f"{name} is true or false")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            text = (
                f"1 validation error detected: Value '{value}' at '{_camel(name)}' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(allowed)}]"
            )
            raise self.error(text)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings; empty when absent."""
        value = self._values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise serialization_error(f"{name} is a list of strings")
        return tuple(value)

    def member(self, name: str) -> dict[str, Any] | None:
        """A structure or a map."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, dict):
            raise serialization_error(f"{name} is a structure")
        return value

    def maps(self, name: str) -> list[dict[str, Any]]:
        """A list of structures; empty when absent."""
        value = self._values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise serialization_error(f"{name} is a list of structures")
        return value


@dataclass(frozen=True, slots=True)
class JsonService:
    """A service whose operations are functions."""

    name: str
    """Signing name."""
    operations: Mapping[str, Operation]
    invalid: str = "ValidationException"
    in_thread: bool = False
    """Whether its operations take a while, and so must not run on the event loop."""

    async def handle(self, request: web.Request) -> web.Response:
        """Raises AwsError."""
        operation = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
        values = await read_object(request)
        if operation not in self.operations:
            raise not_offered(self.name, f"the operation {operation or '(no X-Amz-Target)'}")
        given = Input(values, self.invalid)
        call = self.operations[operation]
        answer = await asyncio.to_thread(call, given) if self.in_thread else call(given)
        headers = {"x-amzn-RequestId": str(uuid.uuid4())}
        return web.Response(body=json.dumps(answer).encode(), headers=headers, content_type=content_type(request))


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of a body; an empty body is an empty one. Raises AwsError."""
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise AwsError(413, "RequestEntityTooLarge", "The request is larger than this service takes") from None
    if not body:
        return {}
    try:
        values = json.loads(body)
        json.dumps(values, ensure_ascii=False).encode()  # half a surrogate pair is no character
    except (ValueError, RecursionError):
        raise serialization_error("the body is not JSON") from None
    if not isinstance(values, dict):
        raise serialization_error("the body is no JSON object")
    return values


def serialization_error(text: str) -> AwsError:
    """Input that cannot be read as its shape says."""
    return AwsError(400, "SerializationException", f"Could not read the request: {text}")


def content_type(request: web.Request) -> str:
    """Of the answer: the version of the protocol that the client speaks."""
    return "application/x-amz-json-1.0" if "json-1.0" in request.content_type else "application/x-amz-json-1.1"


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]
