"""An AWS endpoint over two functions and one WebSocket API, in a thread of its own so that boto3 can call it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from aiohttp import web
from botocore.config import Config

from local.application import Application, Function, KafkaMapping, WebSocketApi
from local.aws_endpoint.server import AwsEndpoint
from local.endpoints import Endpoints
from local.lambda_service.service import LambdaService
from local.lambda_service.settings import LambdaSettings
from local.ports import free_ports
from local.websocket_api.connections import ConnectionGone, ConnectionInfo, InvalidConnectionId
from tests.local.aws_endpoint.parts import parts_of
from tests.serving import in_thread

OPEN = "BFHPhf+WIA/CKlQ="
_SOURCE = """
def handler(event, context):
    print("seen", event)
    if event == "fail":
        raise ValueError("as asked")
    if isinstance(event, dict) and "write" in event:
        open(event["write"], "w").close()
    return {"event": event, "custom": context.client_context and context.client_context.custom}
"""


@dataclass
class Sockets:
    """Connections of which `OPEN` is the only one."""

    sent: list[bytes] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def _check(self, connection_id: str) -> None:
        if connection_id == "malformed":
            raise InvalidConnectionId
        if connection_id != OPEN:
            raise ConnectionGone

    async def post(self, connection_id: str, data: bytes) -> None:
        self._check(connection_id)
        self.sent.append(data)

    async def get(self, connection_id: str) -> ConnectionInfo:
        self._check(connection_id)
        times = datetime(2026, 1, 2, 3, 4, 5, 678000, UTC), datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)
        return ConnectionInfo(*times, "192.0.2.1", "test")

    async def delete(self, connection_id: str) -> None:
        self._check(connection_id)
        self.deleted.append(connection_id)


@dataclass
class Engine:
    """Answers every request and keeps it: what the proxy has sent on."""

    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append((request.method, request.raw_path, headers, await request.read()))
        if request.headers.get("X-Amz-Target"):
            return web.Response(text='{"TableNames": ["from the engine"]}', content_type="application/x-amz-json-1.0")
        body = b"from the engine" if request.method == "GET" else b""
        return web.Response(body=body, headers={"ETag": '"e"', "Content-Encoding": "identity"})


@dataclass
class Running:
    """What a test sees of the endpoint."""

    endpoints: Endpoints
    application: Application
    sockets: Sockets
    engine: Engine
    delivered: list[tuple[str, bytes]]

    def client(self, service: str, **settings: Any) -> Any:
        """A boto3 client, with the address and credentials that functions have."""
        config = Config(retries={"total_max_attempts": 1}, read_timeout=20, **settings.pop("config", {}))
        plain = {"endpoint_url": self.endpoints.aws_url, "region_name": self.endpoints.region}
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, config=config, **{**plain, **keys, **settings})


def _application(folder: Path) -> Application:
    code = folder / "code"
    code.mkdir()
    (code / "app.py").write_text(_SOURCE)
    arn = "arn:aws:lambda:us-east-1:000000000000:function:"
    functions = {
        name: Function(
            name.title(), name, arn + name, "python3.13", "app.handler", code, (), {"A": "b"}, 10, 256, reserved
        )
        for name, reserved in (("echo", None), ("off", 0))
    }
    sockets = WebSocketApi("Sockets", "abc123", "live", "$request.body.action", {})
    mapping = KafkaMapping("Mapping", "u-u-i-d", "echo", "topic", "group", "arn:aws:kafka:us-east-1:0:cluster/c/1")
    return Application(folder / "template.yaml", functions, websocket_apis=(sockets,), kafka_mappings=(mapping,))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for each module."""
    folder = tmp_path_factory.mktemp("endpoint")
    aws, engine = free_ports(2)
    endpoints = Endpoints(aws_port=aws, dynamodb_port=engine, s3_port=engine)
    state = Running(endpoints, _application(folder), Sockets(), Engine(), [])
    with in_thread(_serving(state, folder)):
        yield state


@asynccontextmanager
async def _serving(state: Running, folder: Path) -> AsyncIterator[None]:
    settings = LambdaSettings(retry_delays_s=(0.01, 0.01))
    service = LambdaService(state.application, state.endpoints, folder / "logs", settings)
    sockets = {"abc123": state.sockets}
    more = {"websocket_connections": sockets, "deliver_custom_resource": _deliver_to(state.delivered)}
    parts = parts_of(state.application, state.endpoints, service, folder, **more)
    endpoint = AwsEndpoint(parts)
    engine = web.Application()
    engine.router.add_route("*", "/{path:.*}", state.engine.handle)
    runner = web.AppRunner(engine, auto_decompress=False)
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", state.endpoints.s3_port).start()
        await service.start()
        await endpoint.start()
        yield
    finally:
        await endpoint.stop()
        await service.stop()
        await parts.documents.close()
        await runner.cleanup()


def _deliver_to(delivered: list[tuple[str, bytes]]) -> Any:
    def deliver(token: str, body: bytes) -> bool:
        delivered.append((token, body))
        return token == "expected"

    return deliver
