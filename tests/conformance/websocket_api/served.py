"""The application of this section on a running stack, and what its clients and tests need to know of it."""

import json
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
import psutil
from botocore.config import Config
from websockets.asyncio.client import ClientConnection as AsynchronousConnection
from websockets.sync.client import ClientConnection, connect

from local.endpoints import Endpoints
from local.ports import free_ports, is_free
from tests.local.stack_process import StackProcess

TEMPLATE = Path(__file__).parent / "application" / "template.yaml"
APIS = ("Main", "Nested", "Bare")
WITHIN_S = 30.0
Event = dict[str, Any]


class Served:
    """Runs from its making to `close`."""

    def __init__(self, folder: Path, *options: str, template: Path = TEMPLATE) -> None:
        self._events = folder / "events"
        self._events.mkdir()
        port = next(port for port in free_ports(50) if all(is_free(port + index) for index in range(len(APIS))))
        wanted = (f"--parameter=Events={self._events}", f"--websocket-port={port}", "--no-simulators")
        self.stack = StackProcess(template, folder / "data", *wanted, *options)
        self.stack.start()
        self.endpoints: Endpoints = self.stack.until_ready()

    def close(self) -> None:
        self.stack.close()

    def url(self, api: str = "Main", **query: Any) -> str:
        if api == "Main":
            query = {"token": "ann", **query}
        rest = "?" + urlencode(query) if query else ""
        return f"ws://127.0.0.1:{self.port(api)}/{rest}"

    def port(self, api: str = "Main") -> int:
        return self.endpoints.websocket_port + APIS.index(api)

    def connect(self, api: str = "Main", query: Event | None = None, **options: Any) -> ClientConnection:
        client: ClientConnection = connect(self.url(api, **(query or {})), open_timeout=WITHIN_S, **options)
        return client

    def events(self, kind: str, connection_id: str | None = None) -> list[Event]:
        """Those that functions got so far."""
        found = [json.loads(file.read_text()) for file in sorted(self._events.glob(f"{kind}-*.json"))]
        return [one for one in found if connection_id in (None, one["requestContext"]["connectionId"])]

    def event(self, kind: str, connection_id: str) -> Event:
        """The one of this kind and connection; waits for it, and fails when there are several."""
        until(lambda: self.events(kind, connection_id), f"{kind} of {connection_id}")
        found = self.events(kind, connection_id)
        assert len(found) == 1
        return found[0]

    def forget(self) -> None:
        """Forget the events so far."""
        for file in self._events.iterdir():
            file.unlink(missing_ok=True)

    def management_url(self, context: Event) -> str:
        """Where @connections of the API is that an event's `requestContext` tells of."""
        return self.endpoints.execute_api_url(context["apiId"], context["stage"])

    def management(self, context: Event) -> Any:
        """boto3's client of it."""
        return boto3.client(
            "apigatewaymanagementapi",
            endpoint_url=self.management_url(context),
            region_name=self.endpoints.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1, "mode": "standard"}, max_pool_connections=50),
        )

    @cached_property
    def process(self) -> psutil.Process:
        return psutil.Process(self.stack.process.pid)

    def said(self) -> str:
        """What the stack printed."""
        return self.stack.said()


_WISH = json.dumps({"action": "echo", "event": True, "silent": True, "message": {"kind": "echo"}})
"""Any of the APIs answers it by the event."""


def context_of(client: ClientConnection) -> Event:
    """`requestContext` of a message on this connection."""
    client.send(_WISH)
    context: Event = json.loads(client.recv(WITHIN_S))["requestContext"]
    return context


async def context_from(client: AsynchronousConnection) -> Event:
    """The same, asynchronously."""
    await client.send(_WISH)
    context: Event = json.loads(await client.recv())["requestContext"]
    return context


def until(ready: Callable[[], Any], what: str, within_s: float = WITHIN_S) -> None:
    """Wait until `ready()` is true; fails after `within_s`."""
    deadline = time.monotonic() + within_s
    while not ready():
        assert time.monotonic() < deadline, f"no {what} within {within_s:g} s"
        time.sleep(0.02)
