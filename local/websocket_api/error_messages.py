"""The gateway's own answers: a frame on an open connection, a response to a handshake."""

import http
import json

from websockets.datastructures import Headers
from websockets.http11 import Response

FORBIDDEN = "Forbidden"
UNAUTHORIZED = "Unauthorized"
INTERNAL_SERVER_ERROR = "Internal server error"
TIMED_OUT = "Endpoint request timed out"
TOO_MANY_REQUESTS = "Too Many Requests"


def error_message(message: str, connection_id: str, request_id: str) -> bytes:
    """JSON of an error: `{"message", "connectionId", "requestId"}`, with blanks where AWS was seen to put them."""
    return (
        f'{{"message": {json.dumps(message)}, "connectionId":"{connection_id}", "requestId":"{request_id}"}}'.encode()
    )


def refusal(status: int, body: bytes, content_type: str = "application/json") -> Response:
    """Response that ends a handshake."""
    try:
        phrase = http.HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    headers = Headers(
        {"Connection": "close", "Content-Length": str(len(body)), "Content-Type": content_type},
    )
    return Response(status, phrase, headers, body)
