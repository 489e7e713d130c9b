"""`events tail`: what one's own WebSocket gets, a line of JSON for each event; across lost connections too."""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from chat4all_client.cli.exit_codes import WrongUse
from chat4all_client.cli.given import Given
from chat4all_client.cli.grpc_events import OF_THE_STREAM, events
from chat4all_client.cli.live_session import opened
from chat4all_client.cli.names import conversation_id_of
from chat4all_client.cli.output import Output, one_line
from chat4all_client.cli.special import special
from chat4all_client.live.client import LiveClient
from chat4all_client.live.connecting import SIGNED_OUT
from chat4all_client.live.events import StateChanged
from chat4all_client.live.session import SignedOut
from chat4all_client.live.settings import LiveSettings
from chat4all_client.live.wire import Dial, Wire

_NO_EVENTS = frozenset({"ack", "error", "sync.done", "token.expiring", None})


def _parameters() -> list[click.Parameter]:
    return [
        click.Option(
            ["--type", "kinds"],
            multiple=True,
            metavar="TYPE",
            help="Only these, such as message.created. May be repeated.",
        ),
        click.Option(
            ["--conversation", "conversations"],
            multiple=True,
            metavar="CONVERSATION",
            help="Only of these. May be repeated.",
        ),
        click.Option(["--count"], type=click.IntRange(1), help="End after so many."),
        click.Option(["--grpc"], metavar="HOST:PORT", help="By gRPC (StreamEvents): each event has a cursor."),
        click.Option(["--grpc-plain"], is_flag=True, help="Without TLS, as on the local stack."),
        click.Option(["--cursor"], help="With --grpc: go on behind this event."),
    ]


@special("events", "tail", parameters=_parameters)
async def tail(
    given: Given,
    kinds: tuple[str, ...],
    conversations: tuple[str, ...],
    count: int | None,
    grpc: str | None,
    grpc_plain: bool,
    cursor: str | None,
) -> None:
    """Print events as they come, until Ctrl-C: one JSON document a line, as docs/asyncapi.md has them. What was missed while
    there was no connection comes as sync.message (by gRPC as it was); an event may come twice."""
    output = Output(given.as_json)
    if grpc is None and (cursor is not None or grpc_plain):
        raise WrongUse("--cursor and --grpc-plain go with --grpc")
    if conversations:
        async with given.client() as client:
            conversations = tuple([await conversation_id_of(client.api, each) for each in conversations])
    if grpc is None:
        await _by_websocket(given, kinds, conversations, count, output)
        return
    seen = 0
    async with given.client() as client:
        found = events(client.api, grpc, is_plain=grpc_plain, kinds=kinds, conversations=conversations, cursor=cursor)
        async for event in found:
            if event["type"] in OF_THE_STREAM:
                if not given.quiet:
                    output.note(one_line(event["type"]))
                continue
            output.line(event)
            seen += 1
            if seen == count:
                return


async def _by_websocket(
    given: Given, kinds: Sequence[str], conversations: Sequence[str], count: int | None, output: Output
) -> None:
    seen = 0

    def told(event: dict[str, Any]) -> bool:
        nonlocal seen
        if (kinds and event.get("type") not in kinds) or (
            conversations and event.get("conversation_id") not in conversations
        ):
            return False
        output.line(event)
        seen += 1
        return seen == count

    with TemporaryDirectory(prefix="chat4all-") as folder:
        done = _Tap(told)
        store = Path(folder) / "tail.sqlite"
        async with opened(given, store, settings=LiveSettings(tells_marks=False), wrap=done.wrapped) as live:
            watching = asyncio.create_task(_states(live, output, is_quiet=given.quiet))
            over = asyncio.create_task(done.over.wait())
            try:
                await asyncio.wait({watching, over}, return_when=asyncio.FIRST_COMPLETED)
                if watching.done():
                    watching.result()
            finally:
                watching.cancel()
                over.cancel()


async def _states(live: LiveClient, output: Output, *, is_quiet: bool) -> None:
    """Tell how the connection stands, until the session is over. Raises SignedOut."""
    async for event in live.events():
        if isinstance(event, StateChanged):
            if event.state == SIGNED_OUT:
                raise SignedOut(event.why or "The session is over")
            if not is_quiet:
                output.note(one_line(f"{event.state} {event.why}"))


class _Tap:
    """Hears what comes over each connection, beside the client that keeps the connection alive and synced."""

    def __init__(self, told: Callable[[dict[str, Any]], bool]) -> None:
        self._told = told
        self.over = asyncio.Event()

    def wrapped(self, dial: Dial) -> Dial:
        async def tapped(token: str) -> Wire:
            return _TappedWire(await dial(token), self._heard)

        return tapped

    def _heard(self, text: str | bytes) -> None:
        said = json.loads(text)
        for event in said if isinstance(said, list) else [said]:
            known = isinstance(event, dict) and event.get("type") not in _NO_EVENTS
            if known and not self.over.is_set() and self._told(event):
                self.over.set()


class _TappedWire:
    def __init__(self, wire: Wire, heard: Callable[[str | bytes], None]) -> None:
        self._wire = wire
        self._heard = heard

    async def send(self, text: str) -> None:
        await self._wire.send(text)

    async def receive(self) -> str | bytes:
        text = await self._wire.receive()
        self._heard(text)
        return text

    async def close(self) -> None:
        await self._wire.close()
