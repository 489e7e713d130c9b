"""What a function may answer to API Gateway, as far as HTTP and WebSocket APIs read it alike."""

import base64
import binascii
from typing import Any


class MalformedAnswer(Exception):
    """A function returned what its integration cannot use; the message says what is wrong."""


def answer_body(value: Any, is_base64: Any) -> bytes:
    """The bytes of `body` and `isBase64Encoded`. Raises MalformedAnswer."""
    if value is None:
        return b""
    if not isinstance(value, str):
        raise MalformedAnswer(f"body is a {type(value).__name__}, not a text")
    if is_base64 is not True:
        return value.encode(errors="replace")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedAnswer(f"body is no base64: {error}") from error
