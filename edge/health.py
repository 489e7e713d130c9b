"""grpc.health.v1: each service by what it depends on. `live` says only that this process answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2
from grpc_health.v1._async import HealthServicer

from chat4all.logs import logger
from edge.api import Api
from edge.contract import PACKAGE, service_names
from edge.http_request import HttpRequest
from edge.refusal import Refused

LIVE = "live"
EVENTS = f"{PACKAGE}.EventsService"
_EVERY_S = 5.0
_WITHIN_S = 5.0
_NAME_MAX = 200
_ASKED = "/health/live"
_SERVING, _NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING

Probe = Callable[[], Awaitable[str]]
"""Why it does not answer; empty where it does."""


class _Servicer(HealthServicer):
    """Keeps no names that no service has: who asks needs no token, and a watch stays open."""

    async def Watch(self, request: Any, context: Any) -> None:
        if len(request.service) > _NAME_MAX:
            await context.abort(
                grpc.StatusCode.INVALID_ARGUMENT, f"A service's name has at most {_NAME_MAX} characters"
            )
        await super().Watch(request, context)


class Health:
    """Asks what is depended on, and says it per service; the empty name is all of it together."""

    def __init__(self, api_trouble: Probe, kafka_trouble: Probe, every_s: float = _EVERY_S) -> None:
        self.servicer = _Servicer()
        self._api_trouble = api_trouble
        self._kafka_trouble = kafka_trouble
        self._every_s = every_s
        self._states: dict[str, bool] = {}
        self._causes: tuple[str, str] | None = None

    async def run(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(self._every_s)

    async def look(self) -> None:
        """Ask once."""
        api, kafka = await asyncio.gather(self._api_trouble(), self._kafka_trouble())
        states = {name: not kafka if name == EVENTS else not api for name in service_names()}
        states |= {"": not api and not kafka, LIVE: True, health.SERVICE_NAME: True}
        for name in states:
            if states[name] != self._states.get(name):
                await self.servicer.set(name, _SERVING if states[name] else _NOT_SERVING)
        self._states = states
        self._log(api, kafka)

    def _log(self, api: str, kafka: str) -> None:
        """Each change, with its cause."""
        if (api, kafka) == self._causes:
            return
        self._causes = (api, kafka)
        log = logger.warning if api or kafka else logger.info
        log("health", extra={"api": api or "answers", "kafka": kafka or "answers"})

    async def drain(self) -> None:
        """NOT_SERVING, whatever else is found."""
        await self.servicer.enter_graceful_shutdown()


def api_probe(api: Api) -> Probe:
    """Why the HTTP API does not answer, asked anew."""

    async def trouble() -> str:
        try:
            answer = await api.ask(HttpRequest("GET", _ASKED), {}, _WITHIN_S)
        except Refused as error:
            return f"{error} ({error.__cause__ or 'it answered something else'})"
        return "" if 200 <= answer.status < 300 else f"HTTP {answer.status} at {_ASKED}: is --api-url the HTTP API?"

    return trouble
