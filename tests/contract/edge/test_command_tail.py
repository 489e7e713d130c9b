"""`chat4all events tail --grpc`: what it makes of streams that end, and whom it trusts."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest

from chat4all_client.cli import grpc_events
from chat4all_client.errors import NotSignedIn, Unreachable
from edge import contract, reflection
from tests.contract.edge.certificates import Files, certificate
from tests.contract.edge.client import METHODS

SERVICE = "chat4all.v1.EventsService"
ENDED, AWAY = grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.UNAVAILABLE


@dataclass
class Asked:
    """The API as the command knows it, with a token that is another each time."""

    patience_s: float = 30.0
    tokens: int = 0

    async def call(self, _method: str, _path: str) -> dict[str, Any]:
        return {}

    async def token(self) -> str:
        self.tokens += 1
        return f"token {self.tokens}"


@dataclass
class Streams:
    """A server whose streams tell so many events each and then end with a status."""

    script: Sequence[tuple[int, grpc.StatusCode]]
    quiet_s: float = 0.0
    """Between its last event and its end."""
    opened: list[tuple[str, str]] = field(default_factory=list)
    """(token, cursor) of each."""

    async def stream(self, request: Any, context: Any) -> AsyncIterator[Any]:
        token = dict(context.invocation_metadata())["authorization"]
        self.opened.append((token, request.cursor))
        events, status = self.script[len(self.opened) - 1]
        for number in range(events):
            answer: Any = METHODS["StreamEvents"].response()
            answer.event.type = "message.created"
            answer.event.cursor = f"{len(self.opened)}-{number}"
            yield answer
        await asyncio.sleep(self.quiet_s)
        await context.abort(status, "it ends")


@asynccontextmanager
async def served(streams: Streams, files: Files | None = None) -> AsyncIterator[str]:
    """host:port of the server."""
    contract.load()
    method = METHODS["StreamEvents"]
    handler = grpc.unary_stream_rpc_method_handler(
        streams.stream,
        request_deserializer=method.request.FromString,
        response_serializer=method.response.SerializeToString,
    )
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {"StreamEvents": handler}),))
    server.add_generic_rpc_handlers(reflection.handlers([SERVICE]))
    if files is None:
        port = server.add_insecure_port("127.0.0.1:0")
    else:
        pair = (files.key.read_bytes(), files.certificate.read_bytes())
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([pair]))
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(0)


async def told(api: Asked, target: str, count: int, *, is_plain: bool = True, cursor: str | None = None) -> list[str]:
    """Cursors of the next events."""
    found: list[str] = []
    given: Any = api
    events = grpc_events.events(given, target, is_plain=is_plain, kinds=(), conversations=(), cursor=cursor)
    async for event in events:
        found.append(event["cursor"])
        if len(found) == count:
            break
    await events.aclose()  # type: ignore[attr-defined]
    return found


async def test_a_busy_stream_goes_on_with_a_new_token_when_its_own_has_ended() -> None:
    """However short before the last event came."""
    streams, api = Streams([(2, ENDED), (1, AWAY), (1, ENDED)]), Asked()
    async with served(streams) as target:
        assert await told(api, target, 4) == ["1-0", "1-1", "2-0", "3-0"]
    assert streams.opened == [("Bearer token 1", ""), ("Bearer token 2", "1-1"), ("Bearer token 3", "2-0")]


async def test_a_token_that_is_refused_at_once_ends_it() -> None:
    async with served(Streams([(0, ENDED)])) as target:
        with pytest.raises(NotSignedIn, match="it ends"):
            await told(Asked(), target, 1)


async def test_patience_begins_when_the_stream_breaks_off_not_with_its_last_event() -> None:
    """In a quiet conversation nothing may have happened for longer than that."""
    streams = Streams([(1, AWAY), (1, AWAY)], quiet_s=0.8)
    async with served(streams) as target:
        assert await told(Asked(patience_s=0.5), target, 2) == ["1-0", "2-0"]


async def test_an_authority_of_ones_own_is_trusted_where_ssl_cert_file_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = certificate(tmp_path)
    streams = Streams([(1, AWAY)] * 4)
    async with served(streams, files) as target:
        monkeypatch.setenv("SSL_CERT_FILE", str(files.certificate))
        assert await told(Asked(), target, 1, is_plain=False) == ["1-0"]
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(Unreachable, match=r"CERTIFICATE_VERIFY_FAILED.*\(SSL_CERT_FILE names a file"):
            await told(Asked(patience_s=0.1), target, 1, is_plain=False)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
        with pytest.raises(FileNotFoundError):
            await told(Asked(), target, 1, is_plain=False)


async def test_where_no_tls_is_spoken_it_says_so() -> None:
    async with served(Streams([(1, AWAY)])) as target:
        with pytest.raises(Unreachable, match=r"no TLS is spoken there: --grpc-plain"):
            await told(Asked(patience_s=0.1), target, 1, is_plain=False)
