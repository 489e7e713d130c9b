"""What the worlds of channels share: users, what is done with what webhooks tell, and simulators that call a webhook here."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from chat4all.channels.acceptance import Acceptance
from chat4all.channels.contacts import Contacts
from chat4all.channels.happenings import Happenings
from chat4all.channels.inbound_changes import InboundChanges
from chat4all.channels.inbound_media import InboundMedia
from chat4all.channels.inbound_mirrors import InboundMirrors
from chat4all.channels.statuses import Statuses
from chat4all.connections import Connections
from chat4all.conversations import Conversations
from chat4all.domain.circuit import CircuitRules
from chat4all.erasing.users import UserErasure
from chat4all.members import Members
from chat4all.passwords import Passwords
from chat4all.presence import Presences
from chat4all.session_ends import SessionEnds
from chat4all.sessions import Sessions
from chat4all.stores.table import bind
from chat4all.users import Users
from chat4all.websocket.push import Push
from local.simulators import Simulators, start_simulators
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import KeptPublisher, Messaging
from tests.serving import in_thread

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
    sessions, ends = Sessions(2_592_000, 10), SessionEnds(Connections(), Push(""))
    users = Users(Passwords(), sessions, UserErasure(members, sessions), ends, Presences(KeptPublisher()))
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
        InboundMirrors(messaging.publisher),
    )


@contextmanager
def running_simulators(
    folder: Path, channel: str, take_webhook: Callable[[web.Request], Awaitable[web.Response]], first_retry_s: float
) -> Iterator[tuple[Simulators, str]]:
    """Simulators without rate limits, and the URL under which `take_webhook` answers /channels/<channel>/<account id>/webhook.

    Both run on a loop of their own, in a thread.
    """
    app = web.Application()
    app.router.add_route("*", f"/channels/{channel}/{{account_id}}/webhook", take_webhook)
    with in_thread(_served(web.AppRunner(app, shutdown_timeout=1), folder, first_retry_s)) as served:
        yield served


@asynccontextmanager
async def _served(runner: web.AppRunner, folder: Path, first_retry_s: float) -> AsyncIterator[tuple[Simulators, str]]:
    async with AsyncExitStack() as ends:
        await runner.setup()
        ends.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        simulators = await start_simulators("127.0.0.1", 0, folder, rate_limits=False, first_retry_s=first_retry_s)
        ends.push_async_callback(simulators.stop)
        yield simulators, f"http://127.0.0.1:{runner.addresses[0][1]}"
