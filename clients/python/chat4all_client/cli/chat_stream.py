"""`chat` for scripts: lines of standard input are sent, what happens is printed as JSON lines."""

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator
from typing import Any

from chat4all_client.cli.chat_lines import Lines
from chat4all_client.cli.exit_codes import problem_of
from chat4all_client.cli.output import Output
from chat4all_client.client import Client
from chat4all_client.errors import ClientError, Unreachable
from chat4all_client.live.client import LiveClient
from chat4all_client.live.connecting import CONNECTING, SIGNED_OUT, SYNCING
from chat4all_client.live.events import MessagesChanged, Overrun, StateChanged, TypingChanged
from chat4all_client.live.session import SignedOut
from chat4all_client.live.standing import SENDING

Json = dict[str, Any]


async def stream(live: LiveClient, conversation_id: str, client: Client, output: Output, patience_s: float) -> None:
    """Until standard input ends, and all of it is answered and told.

    Raises:
        SignedOut. Unreachable: something is unanswered after `patience_s`; it is kept, and sent the next time.
    """
    live.watch(conversation_id)
    told = set[str]()
    telling = asyncio.create_task(_tell(live, conversation_id, output, told))

    def tell(text: str) -> None:
        output.line({"event": "told", "text": text})

    lines = Lines(live, conversation_id, client, tell)
    writing = asyncio.create_task(_write(lines, output, live, patience_s, told))
    try:
        await asyncio.wait({telling, writing}, return_when=asyncio.FIRST_COMPLETED)
        for task in (telling, writing):
            if task.done():
                task.result()
    finally:
        for task in (telling, writing):
            task.cancel()
        await asyncio.gather(telling, writing, return_exceptions=True)


async def _tell(live: LiveClient, conversation_id: str, output: Output, told: set[str]) -> None:
    """Print what happens; `told` gets the ids of messages of which it was told what became of them."""
    output.line({"event": "state", "state": live.state})
    async for event in live.events():
        match event:
            case StateChanged():
                output.line({"event": "state", "state": event.state} | ({"why": event.why} if event.why else {}))
                if event.state == SIGNED_OUT:
                    raise SignedOut(event.why or "The session is over")
            case TypingChanged(conversation_id=where) if where == conversation_id:
                output.line({"event": "typing", "user_ids": live.typists(conversation_id)})
            case MessagesChanged(conversation_id=where) if where == conversation_id:
                await _tell_messages(live, event, output, told)
            case Overrun():
                output.line({"event": "overrun"})
                held = await live.messages(conversation_id)
                told |= {one["message_id"] for one in held if one.get("local") != SENDING}


async def _tell_messages(live: LiveClient, event: MessagesChanged, output: Output, told: set[str]) -> None:
    for message in event.messages.values():
        output.line({"event": "message", "message": message})
        told.add(message["message_id"])
        if message["sender_id"] != live.user_id:
            await live.read(event.conversation_id, int(message["seq"]))
    for message_id in event.unsent:
        found = await live.message(message_id)
        if found is not None and found.get("local"):
            output.line({"event": "unsent", "message_id": message_id, "local": found["local"], "why": found.get("why")})
            if found["local"] != SENDING:
                told.add(message_id)


async def _write(lines: Lines, output: Output, live: LiveClient, patience_s: float, told: set[str]) -> None:
    await _until_known(live, lines.conversation_id)
    async for line in _standard_input():
        if not line.strip():
            continue
        try:
            await lines.do(line)
        except EOFError:
            break
        except (ClientError, OSError) as error:
            output.failed(problem_of(error), str(error))
    deadline = asyncio.get_running_loop().time() + patience_s
    while not lines.sent <= told or await _is_unanswered(lines):
        if asyncio.get_running_loop().time() > deadline:
            if await _is_unanswered(lines):
                raise Unreachable("Not all of it is answered: it is kept, and sent by the next `chat4all chat`")
            return
        await asyncio.sleep(0.05)


async def _until_known(live: LiveClient, conversation_id: str) -> None:
    """What is sent before it is known how far a conversation goes is of its past, and is not told."""
    while live.state in (CONNECTING, SYNCING) and await live.conversation(conversation_id) is None:  # noqa: ASYNC110 - two conditions
        await asyncio.sleep(0.05)


async def _is_unanswered(lines: Lines) -> bool:
    return any(one.get("local") == SENDING for one in await lines.live.messages(lines.conversation_id))


async def _standard_input() -> AsyncIterator[str]:
    """Lines, as they come. A file is read in a thread, which it never holds up for long."""
    if stat.S_ISREG(os.fstat(sys.stdin.fileno()).st_mode) or not _is_pipe():
        while line := await asyncio.to_thread(sys.stdin.readline):
            yield line.rstrip("\r\n")
        return
    reader = asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while data := await reader.readline():
        yield data.decode(errors="replace").rstrip("\r\n")


def _is_pipe() -> bool:
    mode = os.fstat(sys.stdin.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or sys.stdin.isatty()
