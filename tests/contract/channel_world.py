"""What the worlds of channels share: users, what is done with what webhooks tell, and simulators that call a webhook here."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from chat4all.channels.acceptance import Acceptance
from chat4all.channels.contacts import Contacts
from chat4all.channels.happenings import Happenings
from chat4all.channels.inbound_changes import InboundChanges
from chat4all.channels.inbound_media import InboundMedia
from chat4all.channels.statuses import Statuses
from chat4all.connections import Connections
from chat4all.conversations import Conversations
from chat4all.domain.circuit import CircuitRules
from chat4all.members import Members
from chat4all.passwords import Passwords
from chat4all.session_ends import SessionEnds
from chat4all.sessions import Sessions
from chat4all.stores.table import bind
from chat4all.users import Users
from chat4all.websocket.push import Push
from local.simulators import Simulators, start_simulators
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import KeptPublisher, Messaging

DEADLINE_S = 20.0
NEVER_OPENS = CircuitRules(threshold=1000, first_open_s=5, longest_open_s=300)
"""Of a breaker that no test means."""


def until(find: Callable[[], Any], what: str) -> Any:
    """The first true answer of `find`."""
    deadline = time.monotonic() + DEADLINE_S
    while not (found := find()):
        assert time.monotonic() < deadline, f"not within {DEADLINE_S} s: {what}"
        time.sleep(0.01)
    return found


def users_of(dynamodb: DynamoDb) -> Users:
    """Users in the engine's tables."""
    members = Members(Conversations(KeptPublisher()))
    users = Users(Passwords(), Sessions(2_592_000, 10), members, SessionEnds(Connections(), Push("")))
    bind(dynamodb.table_prefix)
    return users


def happenings_of(messaging: Messaging, users: Users) -> Happenings:
    """As the composition root makes them."""
    conversations = Conversations(messaging.publisher)
    contacts = Contacts(users, conversations, Members(conversations))
    return Happenings(
        Acceptance(contacts, messaging.sending, InboundMedia(messaging.publisher)),
        Statuses(messaging.publisher),
        InboundChanges(messaging.changing, messaging.reactions),
    )


@contextmanager
def running_simulators(
    folder: Path, channel: str, take_webhook: Callable[[web.Request], Awaitable[web.Response]], first_retry_s: float
) -> Iterator[tuple[Simulators, str]]:
    """Simulators without rate limits, and the URL under which `take_webhook` answers /channels/<channel>/<account id>/webhook.

    Both run on a loop of their own, in a thread.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def wait(coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(DEADLINE_S)

    with ExitStack() as ends:
        ends.callback(loop.close)
        ends.callback(thread.join)
        ends.callback(loop.call_soon_threadsafe, loop.stop)
        app = web.Application()
        app.router.add_route("*", f"/channels/{channel}/{{account_id}}/webhook", take_webhook)
        runner = web.AppRunner(app, shutdown_timeout=1)
        wait(runner.setup())
        ends.callback(lambda: wait(runner.cleanup()))
        wait(web.TCPSite(runner, "127.0.0.1", 0).start())
        simulators = wait(start_simulators("127.0.0.1", 0, folder, rate_limits=False, first_retry_s=first_retry_s))
        ends.callback(lambda: wait(simulators.stop()))
        yield simulators, f"http://127.0.0.1:{runner.addresses[0][1]}"
