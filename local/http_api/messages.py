"""A request as the gateway got it and a response as it gives it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Headers = list[tuple[str, str]]
"""In the order of the wire, names in lower case, repeats kept."""


class BrokenBody(Exception):
    """The body ended early, or its encoding is broken."""


class StalledBody(BrokenBody):
    """The client has stopped sending its body."""


class BodyTooLarge(Exception):
    """The body has more bytes than its reader wants."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    """Percent-encoded, without the query string."""
    query_string: str
    headers: Headers
    header_bytes: int
    """Size of the request line and the header lines."""
    protocol: str
    """Such as `HTTP/1.1`."""
    source_ip: str
    read_body: Callable[[int], Awaitable[bytes]]
    """Reads the whole body. Raises BodyTooLarge when it has more bytes than the argument, BrokenBody."""

    def header(self, name: str) -> str | None:
        """All values of a header (name in lower case), folded with commas; None when absent."""
        values = [value for key, value in self.headers if key == name]
        return ",".join(values) if values else None


@dataclass(slots=True)
class Response:
    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""


def gateway_message(status: int, message: str, *headers: tuple[str, str]) -> Response:
    """Build an answer of the gateway's own: `{"message": ...}`."""
    body = json.dumps({"message": message}, separators=(",", ":")).encode()
    return Response(status, [("content-type", "application/json"), *headers], body)


def bad_request() -> Response:
    return gateway_message(400, "Bad Request")


def request_timeout() -> Response:
    return gateway_message(408, "Request Timeout")


def not_found() -> Response:
    return gateway_message(404, "Not Found")


def internal_server_error() -> Response:
    return gateway_message(500, "Internal Server Error")


def service_unavailable() -> Response:
    return gateway_message(503, "Service Unavailable")


def too_many_requests() -> Response:
    return gateway_message(429, "Too Many Requests")


def request_entity_too_large() -> Response:
    return gateway_message(413, "Request Entity Too Large")


def header_fields_too_large() -> Response:
    return gateway_message(431, "Request Header Fields Too Large")
