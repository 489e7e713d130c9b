from collections.abc import Callable
from typing import Any

import pytest

from local.application import HttpApi, HttpRoute
from local.http_api.exchange import ApiIdentity, Exchange
from local.http_api.messages import Request
from local.http_api.routes import Match

MakeExchange = Callable[..., Exchange]


async def _no_body(_limit: int) -> bytes | None:
    return b""


def make_request(
    method: str = "GET", path: str = "/", query: str = "", headers: list[tuple[str, str]] | None = None
) -> Request:
    return Request(method, path, query, headers or [], 0, "HTTP/1.1", "127.0.0.1", _no_body)


@pytest.fixture
def exchange() -> MakeExchange:
    """Makes an exchange whose route has matched."""

    def make(
        request: Request | None = None,
        route_key: str = "$default",
        variables: dict[str, str] | None = None,
        stage_variables: dict[str, str] | None = None,
        **filled: Any,
    ) -> Exchange:
        route = HttpRoute(route_key, "function")
        api = HttpApi("Api", "api-id", "$default", (route,), stage_variables=stage_variables or {})
        identity = ApiIdentity(api, "123456789012", "127.0.0.1:8000")
        return Exchange(request or make_request(), identity, match=Match(route, variables or {}), **filled)

    return make
