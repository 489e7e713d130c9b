"""`chat`: a conversation, live, in the terminal or for a script."""

import hashlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from chat4all_client.cli.chat_stream import stream
from chat4all_client.cli.exit_codes import WrongUse
from chat4all_client.cli.given import PATIENCE_S, Given
from chat4all_client.cli.live_session import opened
from chat4all_client.cli.names import conversation_id_of
from chat4all_client.cli.output import Output
from chat4all_client.cli.special import special
from chat4all_client.live.client import LiveClient
from chat4all_client.live.connecting import SIGNED_OUT
from chat4all_client.live.database import StoreInUse
from chat4all_client.live.session import SignedOut
from chat4all_client.operation_table import OPERATIONS
from chat4all_client.state_folder import state_folder

_STORES = 16


@special("chat", parameters=lambda: [click.Argument(["conversation"], metavar="CONVERSATION")])
async def chat(given: Given, conversation: str) -> None:
    """A conversation, live: an id, a title, or the name of who one talks to. /help shows what can be done.

    Without a terminal, or with --json, lines of standard input are sent (or done, where they begin with a slash) and what
    happens is printed as JSON lines, until standard input ends and all of it is answered.
    """
    patience_s = given.patience_s if given.patience_s is not None else PATIENCE_S
    async with given.client() as client, _live(given) as live:
        conversation_id = await conversation_id_of(client.api, conversation)
        if given.as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            await stream(live, conversation_id, client, Output(as_json=True), patience_s)
        else:
            # prompt_toolkit is slow to load, and no other command needs it.
            from chat4all_client.cli.chat_screen import Screen

            await Screen(live, conversation_id, client).run()
    if live.state == SIGNED_OUT:
        raise SignedOut("The session is over")


@asynccontextmanager
async def _live(given: Given) -> AsyncIterator[LiveClient]:
    """With a store of its own: each chat that is open at the same time has one, and finds it again the next time."""
    folder = state_folder() / "live"
    folder.mkdir(exist_ok=True, mode=0o700)
    name = hashlib.sha256(f"{given.address()}\n{await _user_id(given)}".encode()).hexdigest()[:32]
    for number in range(_STORES):
        try:
            async with opened(given, Path(folder) / f"{name}-{number}.sqlite") as live:
                yield live
                return
        except StoreInUse:
            continue
    raise WrongUse(f"{_STORES} chats of this user are open already")


async def _user_id(given: Given) -> str:
    kept = given.kept()
    if kept is not None and kept.user_id and given.is_the_profile():
        return kept.user_id
    async with given.client() as client:
        return str((await client.api.ask(OPERATIONS["getMe"]))["id"])
