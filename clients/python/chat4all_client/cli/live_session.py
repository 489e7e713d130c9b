"""A live client for a command: signed in as its other requests are."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from chat4all_client.cli.given import Given
from chat4all_client.errors import NotSignedIn
from chat4all_client.live.client import LiveClient
from chat4all_client.live.disk import ThreadDisk
from chat4all_client.live.session import HttpSession
from chat4all_client.live.settings import LiveSettings
from chat4all_client.live.store import Store
from chat4all_client.live.wire import Dial, dialer


@asynccontextmanager
async def opened(
    given: Given, store: Path, *, settings: LiveSettings | None = None, wrap: Callable[[Dial], Dial] = lambda dial: dial
) -> AsyncIterator[LiveClient]:
    """A live client that runs, with what it holds in `store`; closed at the end.

    Raises:
        NotSignedIn. StoreInUse, StoreError, OSError. SignedOut, Unreachable: a new store has to be told whose it is.
    """
    sign_in = given.sign_in()
    if sign_in is None:
        raise NotSignedIn("Nobody is signed in")
    tls = given.settings().tls
    async with given.client() as client:
        url = await given.websocket_url(client.api)
    session = HttpSession(httpx.AsyncClient(base_url=given.address(), timeout=30.0, verify=tls), sign_in)
    disk, live = ThreadDisk(), None
    try:
        kept = await disk.run(Store, store)
        live = await LiveClient.started(kept, disk, session, wrap(dialer(url, tls)), settings or LiveSettings())
        yield live
    finally:
        if live is not None:
            await live.close()
        else:
            await disk.close()
            await session.close()
