"""The parts of a live client, and what goes from one to the other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from chat4all_client.backoff import delay_s
from chat4all_client.errors import ApiError
from chat4all_client.live.applying import Applied
from chat4all_client.live.completing import Completing
from chat4all_client.live.connecting import LIVE, SYNCING, Connecting
from chat4all_client.live.database import StoreError
from chat4all_client.live.disk import Disk
from chat4all_client.live.events import ConversationsChanged, Events, MessagesChanged, PresenceChanged, TypingChanged
from chat4all_client.live.frames import Change, Entry, Frame, PresenceTold, SyncDone, TokenExpiring, Typing
from chat4all_client.live.heartbeats import Heartbeats
from chat4all_client.live.link import Link
from chat4all_client.live.names import Names
from chat4all_client.live.outcomes import Later
from chat4all_client.live.presences import Presences
from chat4all_client.live.refreshing import Refreshing
from chat4all_client.live.requests import Requests
from chat4all_client.live.sending import Sending
from chat4all_client.live.session import Session
from chat4all_client.live.settings import LiveSettings
from chat4all_client.live.store import Store
from chat4all_client.live.syncing import Syncing
from chat4all_client.live.telling import Telling
from chat4all_client.live.typists import OwnTyping, Typists
from chat4all_client.live.wire import Dial, Wire, WireClosed


class Core:
    """Everything that runs; `run` until it is cancelled."""

    def __init__(self, store: Store, disk: Disk, session: Session, dial: Dial, settings: LiveSettings) -> None:
        self.store = store
        self.disk = disk
        self.settings = settings
        self.events = Events()
        self.requests = Requests(session, settings)
        self.sending = Sending(store, disk, self.requests, self.events, settings)
        self.telling = Telling(store, disk, self.requests, settings)
        self.refreshing = Refreshing(store, disk, self.requests, self.events, settings)
        self.syncing = Syncing(store, disk, self.refreshing.want, settings)
        self.refreshing.syncing = self.syncing
        self.completing = Completing(store, disk, self.requests, self._completed, settings)
        self.names = Names(store, disk, self.requests, self.events)
        self.typists = Typists(lambda conversation_id: self.events.tell(TypingChanged(conversation_id)))
        self.own_typing = OwnTyping(self.requests, settings.typing_s)
        self.presences = Presences(lambda user_ids: self.events.tell(PresenceChanged(user_ids)))
        self.heartbeats = Heartbeats(session, self.presences.heard, self.syncing.want_everything, settings)
        self.connecting = Connecting(session, dial, self._serve, self.events, settings)

    async def run(self) -> None:
        """Until it is cancelled; a part that breaks ends all of it, and is told to who listens."""
        loops = (self.sending.run, self.telling.run, self.refreshing.run, self.completing.run, self.names.run)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.connecting.run())
                for loop in loops:
                    tasks.create_task(self._lasting(loop))
        except BaseExceptionGroup as group:
            self.events.end(group)
            raise
        finally:
            self.events.end()

    async def _lasting(self, loop: Callable[[], Awaitable[None]]) -> None:
        """Begin anew where the store could not be written, as on a full disk: what was not kept is asked for, or sent, again."""
        tries = 0
        while True:
            try:
                return await loop()
            except (StoreError, BaseExceptionGroup) as error:
                if isinstance(error, BaseExceptionGroup) and error.split(StoreError)[1] is not None:
                    raise
            tries += 1
            await asyncio.sleep(delay_s(tries, 0, self.settings.chance))

    async def _serve(self, wire: Wire, token: str) -> None:
        """Use a connection until it ends; raises WireClosed, Later, ApiError."""
        link = Link(wire, self._take, self.settings.batch)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(link.run())
                self.requests.link = link
                tasks.create_task(self.heartbeats.run(link, token))
                tasks.create_task(self._catch_up(link))
                self.sending.wake()
        except BaseExceptionGroup as group:
            raise _first(group) from group
        finally:
            self.requests.link = None
            self.typists.clear()
            self.presences.clear()

    async def _catch_up(self, link: Link) -> None:
        while True:
            self.connecting.becomes(SYNCING)
            await self.refreshing.everything()
            await self.syncing.everything(link)
            await self.telling.everything()
            self.syncing.want()
            self.connecting.becomes(LIVE)
            await self.syncing.fill_holes(link)

    async def _take(self, frames: Sequence[Frame]) -> None:
        """Frames of a connection, in order: into the store first, and then to who is concerned."""
        changes = [frame for frame in frames if isinstance(frame, Change)]
        if changes:
            self._tell(await self.disk.run(self.store.apply, changes))
        for frame in frames:
            match frame:
                case Entry(message=message) if message is not None:
                    self.typists.ended(frame.conversation_id, message["sender_id"])
                case SyncDone():
                    self.syncing.heard(frame)
                case Typing():
                    self.typists.heard(frame)
                case PresenceTold():
                    self.presences.heard([frame.document])
                case TokenExpiring():
                    self.heartbeats.expiring()

    def _tell(self, applied: Applied) -> None:
        self.refreshing.want(applied.stale)
        if applied.holes:
            self.syncing.want()
        if applied.has_partial:
            self.completing.want()
        self.telling.risen(applied.advanced)
        self.changed(applied)

    def _completed(self, applied: Applied) -> None:
        self.telling.risen(applied.messages)
        self.changed(applied)

    def changed(self, applied: Applied) -> None:
        """Tell who listens."""
        for conversation_id, messages in applied.messages.items():
            self.events.tell(MessagesChanged(conversation_id, messages))
        if applied.conversations:
            self.events.tell(ConversationsChanged(tuple(applied.conversations)))


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Why a connection ended: what is expected, where nothing else went wrong."""
    expected, others = group.split((WireClosed, Later, ApiError, StoreError))
    if others is not None or expected is None:
        return group
    return expected.exceptions[0]
