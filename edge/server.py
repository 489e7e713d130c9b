"""The server: its parts, made and joined; its start and its end."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2_grpc

from chat4all.bootstrap import App
from chat4all.config import ConfigurationError, Settings
from chat4all.kafka.cluster import Cluster
from chat4all.logs import logger
from edge import contract, reflection
from edge.api import ANSWER_MAX_BYTES, Api
from edge.counts import Counts
from edge.health import Health, api_probe
from edge.kafka_access import Kafka
from edge.metrics import Metrics
from edge.settings import EdgeSettings, check_shared
from edge.streams.callers import Callers
from edge.streams.past import Past
from edge.streams.service import Events
from edge.streams.stream import Times
from edge.streams.tail import Tail
from edge.tls import Pair, read, until
from edge.traced import Traces
from edge.unary import Unary

_KEEPALIVE_MS = 60_000
"""Below the 350 s after which a Network Load Balancer forgets a connection on which nothing is sent."""
_LEAST_PING_MS = 10_000
"""Clients may ask so often whether the connection lives; more often they are sent away (ENHANCE_YOUR_CALM)."""


@dataclass
class Edge:
    """A server that runs."""

    port: int
    counts: Counts
    health: Health
    tail: Tail
    _server: Any
    _events: Events
    _drain_s: float
    running: Collection[asyncio.Task[None]] = ()

    async def until(self, told: asyncio.Event) -> None:
        """Wait until somebody tells; raises what a part ended with, which should run as long as this does."""
        waiting = asyncio.create_task(told.wait())
        done, _ = await asyncio.wait({waiting, *self.running}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        for task in done - {waiting}:
            logger.error("a part has ended, and so this process does", part=task.get_name())
            task.result()

    async def drain(self) -> None:
        """Take nothing new (GOAWAY), have streams end with their cursors, and wait for calls under way."""
        await self.health.drain()
        self._events.drain()
        await self._server.stop(self._drain_s)


@contextlib.asynccontextmanager
async def running(own: EdgeSettings, shared: Settings, times: Times | None = None) -> AsyncIterator[Edge]:
    """An edge that answers, until the context ends.

    Raises:
        ConfigurationError: no API, a port that is taken, a certificate that is none.
    """
    check_shared(shared)
    counts, kafka = Counts(), Kafka(Cluster.of(shared))
    tail, past = Tail(kafka, counts), Past(kafka, counts)
    traces = Traces()
    callers = Callers(lambda: App(shared).access_tokens)
    async with Api(_api_url(own, shared)) as api:
        health_ = Health(api_probe(api), tail.trouble)
        events = Events(tail, past, callers, counts, times)
        server = grpc.aio.server(options=_options(own))
        _add_services(server, Unary(api, shared.edge_secret, counts), events, health_)
        pair = Pair(own) if own.certificate else None
        metrics = Metrics(shared.stage, lambda: tail.streams, lambda: pair.until if pair else None)
        edge = Edge(_bound(server, own, pair), counts, health_, tail, server, events, own.drain_s)
        parts = (tail, health_, counts, traces, metrics)
        tasks = [asyncio.create_task(part.run(), name=type(part).__name__) for part in parts]
        edge.running = tasks
        await server.start()
        try:
            yield edge
        finally:
            await server.stop(0)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await past.stop()
            callers.stop()
            counts.log()
            traces.flush()
            metrics.write()


async def serve(own: EdgeSettings, shared: Settings) -> None:
    """Run until SIGTERM or SIGINT, then drain; a second signal ends it at once."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: _exit() if told.is_set() else told.set())
    async with running(own, shared) as edge:
        logger.info("serving", extra=_served(own, shared, edge.port))
        try:
            await edge.until(told)
        finally:
            logger.info("draining", extra={"streams": edge.tail.streams})
            await edge.drain()


def _served(own: EdgeSettings, shared: Settings, port: int) -> dict[str, Any]:
    """What whoever reads the log wants to know first."""
    found = {"port": port, "api_url": _api_url(own, shared), "kafka": shared.kafka_bootstrap_servers}
    certificate_until = until(read(own)[1]).isoformat() if own.certificate else None
    return {**found, "tls": bool(own.certificate), "certificate_until": certificate_until}


def _exit() -> None:
    raise SystemExit(130)


def _api_url(own: EdgeSettings, shared: Settings) -> str:
    url = own.api_url or shared.public_url
    if not url.startswith(("http://", "https://")):
        raise ConfigurationError(f"--api-url {url!r} is no URL of the HTTP API: it starts with https:// or http://")
    return url.rstrip("/")


def _options(own: EdgeSettings) -> Sequence[tuple[str, Any]]:
    return (
        ("grpc.so_reuseport", 0),
        ("grpc.max_receive_message_length", own.receive_max_bytes),
        ("grpc.max_send_message_length", 2 * ANSWER_MAX_BYTES),
        ("grpc.keepalive_time_ms", _KEEPALIVE_MS),
        ("grpc.keepalive_timeout_ms", _KEEPALIVE_MS // 3),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", _LEAST_PING_MS),
        ("grpc.max_concurrent_streams", 1_000),
    )


def _add_services(server: Any, unary: Unary, events: Events, health_: Health) -> None:
    by_service: dict[str, dict[str, Any]] = {}
    for method in contract.methods():
        handler = events.handler(method) if method.rule is None else unary.handler(method, method.rule)
        by_service.setdefault(method.service, {})[method.name] = handler
    server.add_generic_rpc_handlers(
        tuple(grpc.method_handlers_generic_handler(name, handlers) for name, handlers in by_service.items())
    )
    health_pb2_grpc.add_HealthServicer_to_server(health_.servicer, server)
    server.add_generic_rpc_handlers(reflection.handlers((*by_service, health.SERVICE_NAME)))


def _bound(server: Any, own: EdgeSettings, pair: Pair | None) -> int:
    address = own.address()
    credentials = pair.credentials() if pair is not None else None
    try:
        if credentials is None:
            return int(server.add_insecure_port(address))
        return int(server.add_secure_port(address, credentials))
    except RuntimeError as error:
        text = f"--host and --port: {address} cannot be listened on (another process has the port, or the address is not here)"
        raise ConfigurationError(text) from error
