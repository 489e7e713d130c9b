"""Addresses of API Gateway in resolved values, rewritten to where this stack serves the same API."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.endpoints import Endpoints


@dataclass(frozen=True, slots=True)
class LocalApi:
    """One API: `address` is its local base address, `management` that of @connections (WebSocket APIs only)."""

    api_id: str
    address: str
    management: str | None = None


class AddressRewriter:
    """Rewrites `https://{api}.execute-api.{region}.amazonaws.com` and `wss://…` of the template's own APIs.

    For an HTTP API the rest of the address stays. A WebSocket API serves its one stage at the root of its port, so
    `wss://…/{stage}` loses the stage; its `https://…/{stage}`, used to post to connections, keeps it.
    """

    def __init__(self, apis: Mapping[str, LocalApi], region: str) -> None:
        self._apis = apis
        host = rf"\.execute-api\.{re.escape(region)}\.amazonaws\.com"
        self._pattern = re.compile(rf"(https|wss)://([a-z0-9]{{10}}){host}(?![.\w-])(/[\w$-]+)?")

    def rewrite(self, value: Any) -> Any:
        """Return the value with every such address in any of its strings rewritten."""
        if isinstance(value, str):
            return self._pattern.sub(self._replace, value) if ".execute-api." in value else value
        if isinstance(value, list):
            return [self.rewrite(item) for item in value]
        if isinstance(value, dict):
            return {key: self.rewrite(item) for key, item in value.items()}
        return value

    def _replace(self, match: re.Match[str]) -> str:
        scheme, api_id, stage = match.group(1), match.group(2), match.group(3) or ""
        api = self._apis.get(api_id)
        if api is None:
            return match.group(0)
        if scheme == "wss":
            return api.address if api.management else match.group(0)
        return (api.management or api.address) + stage


def local_apis(http: list[str], websocket: list[str], endpoints: Endpoints) -> dict[str, LocalApi]:
    """Return the local addresses of APIs by id: the n-th of each kind listens n ports after the first."""
    found = {}
    for index, api_id in enumerate(http):
        found[api_id] = LocalApi(api_id, f"http://{endpoints.host}:{endpoints.http_port + index}")
    for index, api_id in enumerate(websocket):
        address = f"ws://{endpoints.host}:{endpoints.websocket_port + index}"
        management = endpoints.execute_api_url(api_id, "").rstrip("/")
        found[api_id] = LocalApi(api_id, address, management)
    return found
