"""grpc.health.v1: each service by what it depends on. `live` says only that this process answers."""

import asyncio
from collections.abc import Awaitable, Callable

from aws_lambda_powertools import Logger
from grpc_health.v1 import health, health_pb2
from grpc_health.v1._async import HealthServicer

from edge.api import Api
from edge.contract import PACKAGE, service_names
from edge.http_request import HttpRequest
from edge.refusal import Refused

logger = Logger(service="edge")

LIVE = "live"
EVENTS = f"{PACKAGE}.EventsService"
_EVERY_S = 5.0
_WITHIN_S = 5.0
_SERVING, _NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING

Probe = Callable[[], Awaitable[bool]]


class Health:
    """Asks what is depended on, and says it per service; the empty name is all of it together."""

    def __init__(self, api_answers: Probe, kafka_answers: Probe, every_s: float = _EVERY_S) -> None:
        self.servicer = HealthServicer()
        self._api_answers = api_answers
        self._kafka_answers = kafka_answers
        self._every_s = every_s
        self._states: dict[str, bool] = {}

    async def run(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(self._every_s)

    async def look(self) -> None:
        """Ask once."""
        api, kafka = await asyncio.gather(self._api_answers(), self._kafka_answers())
        states = {name: kafka if name == EVENTS else api for name in service_names()}
        states |= {"": api and kafka, LIVE: True, health.SERVICE_NAME: True}
        for name in states:
            if states[name] != self._states.get(name):
                await self.servicer.set(name, _SERVING if states[name] else _NOT_SERVING)
        if states != self._states:
            logger.info("health", extra={"api": api, "kafka": kafka})
        self._states = states

    async def drain(self) -> None:
        """NOT_SERVING, whatever else is found."""
        await self.servicer.enter_graceful_shutdown()


def api_probe(api: Api) -> Probe:
    """Whether the HTTP API answers."""

    async def answers() -> bool:
        try:
            answer = await api.ask(HttpRequest("GET", "/health/live"), {}, _WITHIN_S)
        except Refused:
            return False
        return 200 <= answer.status < 300

    return answers
