"""What the console needs of a running stack: the composition root hands it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from local.application import Application
from local.endpoints import Endpoints


@dataclass(frozen=True, slots=True)
class OpenConnection:
    """One open connection of a WebSocket API. Times are seconds since the epoch."""

    api: str
    """Logical id of its API."""
    connection_id: str
    connected_at: float
    last_active_at: float
    source_ip: str
    user_agent: str


class ConnectionRefused(Exception):
    """A connection that is gone, an id that is none, or a message that is too large; the text says which."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one invocation. `function_error` is None when the function succeeded."""

    request_id: str
    payload: bytes
    function_error: str | None
    log_tail: bytes


class InvocationRefused(Exception):
    """Lambda did not take the invocation (no such function, too large, throttled); the text says why."""


class StackView(Protocol):
    """A running stack, as the console sees it. Everything belongs to the stack's event loop."""

    @property
    def application(self) -> Application: ...

    @property
    def endpoints(self) -> Endpoints: ...
    @property
    def kafka_security(self) -> Mapping[str, str]:
        """librdkafka's settings of connections to Kafka, beside the servers."""

    @property
    def function_logs(self) -> Path:
        """Folder of `<function>.log` and `<function>.index`."""

    def status(self) -> Mapping[str, Any]:
        """JSON of what runs, as `scripts/status --json` prints it."""

    def next_times(self) -> Mapping[str, datetime | None]:
        """By logical id, when each enabled schedule is due."""

    def connections(self) -> Sequence[OpenConnection]:
        """Those open now, of all WebSocket APIs."""

    async def send(self, api: str, connection_id: str, data: bytes) -> None:
        """Send one text message to a client. Raises ConnectionRefused."""

    async def close(self, api: str, connection_id: str) -> None:
        """Close a connection; its `$disconnect` route still runs. Raises ConnectionRefused."""

    async def invoke(self, name: str, payload: bytes) -> Answer:
        """Run a function and wait for its answer. Raises InvocationRefused."""
