"""One request on its way through the gateway."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.api_gateway import new_request_id, now_ms
from local.application import HttpApi
from local.http_api.messages import Request
from local.http_api.routes import Match


@dataclass(frozen=True, slots=True)
class ApiIdentity:
    """What `requestContext` says of the API itself."""

    api: HttpApi
    account_id: str
    domain_name: str


@dataclass(slots=True)
class Exchange:
    """Filled by the steps of the pipeline, in their order."""

    request: Request
    identity: ApiIdentity
    request_id: str = field(default_factory=new_request_id)
    received_ms: int = field(default_factory=now_ms)
    match: Match | None = None
    claims: Mapping[str, Any] | None = None
    """Verified claims of the token, where the route has an authorizer."""
    scopes: tuple[str, ...] | None = None
    """Scopes of the token, where the route asks for some."""
    body: bytes = b""
