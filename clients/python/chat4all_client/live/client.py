"""The live client: what a program imports. It keeps what the user has in a store, and the store up to date."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from chat4all_client.errors import Unreachable
from chat4all_client.live import views
from chat4all_client.live.core import Core
from chat4all_client.live.disk import Disk, ThreadDisk
from chat4all_client.live.events import ConversationsChanged, Event, MessagesChanged
from chat4all_client.live.outbox import Unsent
from chat4all_client.live.outcomes import Later
from chat4all_client.live.session import HttpSession, Session
from chat4all_client.live.settings import LiveSettings
from chat4all_client.live.standing import SENDING
from chat4all_client.live.store import Store
from chat4all_client.live.wire import Dial, dialer
from chat4all_client.sign_in import TokenSource
from chat4all_client.transfers import Settings

Json = dict[str, Any]
_PATIENCE_S = 30.0


class LiveClient:
    """One user on one device. `async with LiveClient.open(…) as live: …`

    What is asked for is read from the store, and there without a connection too; what is written is kept first and sent then.
    """

    def __init__(self, store: Store, disk: Disk, session: Session, dial: Dial, settings: LiveSettings) -> None:
        self._core = Core(store, disk, session, dial, settings)
        self._store = store
        self._disk = disk
        self._session = session
        self._settings = settings
        self._running: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        base_url: str,
        websocket_url: str,
        store: str | Path,
        sign_in: TokenSource,
        *,
        settings: LiveSettings | None = None,
        bytes_settings: Settings | None = None,
    ) -> AsyncIterator["LiveClient"]:
        """A client that runs, and is closed at the end.

        Args:
            base_url, websocket_url: of the HTTP API (https://…) and the WebSocket API (wss://…).
            store: a file, made where it is not there; of this user alone, and open in one client at a time.
            sign_in: the user's tokens, or name and password.

        Raises:
            StoreInUse, StoreError, OSError. SignedOut, Unreachable: a new store has to be told whose it is.
        """
        tls = (bytes_settings or Settings()).tls
        session = HttpSession(httpx.AsyncClient(base_url=base_url.rstrip("/"), timeout=30.0, verify=tls), sign_in)
        dial = dialer(websocket_url, tls)
        disk = ThreadDisk()
        live = None
        try:
            live = await cls.started(
                await disk.run(Store, Path(store)), disk, session, dial, settings or LiveSettings()
            )
            yield live
        finally:
            if live is not None:
                await live.close()
            else:
                await asyncio.gather(disk.close(), session.close())

    @classmethod
    async def started(
        cls, store: Store, disk: Disk, session: Session, dial: Dial, settings: LiveSettings
    ) -> "LiveClient":
        """A client of these parts that runs, until `close`; raises as `open` does."""
        live = cls(store, disk, session, dial, settings)
        try:
            if not store.user_id:
                me = await session.call("GET", "/v1/users/me", patience_s=_PATIENCE_S)
                await disk.run(store.belongs_to, str(me["id"]))
        except BaseException:
            await disk.run(store.close)
            raise
        live._running = asyncio.create_task(live._core.run())
        return live

    async def close(self) -> None:
        """End it. What is unsent waits in the store; raises what has broken the client, if anything has."""
        running, self._running = self._running, None
        if running is None:
            return
        running.cancel()
        ended = await asyncio.gather(running, return_exceptions=True)
        await self._disk.run(self._store.close)
        await self._disk.close()
        await self._session.close()
        for error in ended:
            if isinstance(error, Exception):
                raise error

    @property
    def user_id(self) -> str:
        """Whose client it is."""
        return self._store.user_id

    @property
    def state(self) -> str:
        """`connecting`, `syncing`, `live` (up to date), `offline` or `signed_out`."""
        return self._core.connecting.state

    def hurry(self) -> None:
        """Connect now, where a pause is made: the network may be there again."""
        self._core.connecting.hurry()

    def events(self) -> AsyncIterator[Event]:
        """What changes, from now on; ends with the client, with what has broken it if anything has."""
        return self._core.events.listen()

    async def conversations(self) -> list[Json]:
        """All, newest activity first, as `conversation`."""
        return await self._disk.run(views.conversations, self._store)

    async def conversation(self, conversation_id: str, *, fresh: bool = False) -> Json | None:
        """One; None: it is not the user's. `fresh`: its members and title read anew where something may have changed.

        Returns:
            The API's document; members: {user id: {role, channels, delivered_seq, read_seq, …}}; unread (up to 100);
            last_message (also one that is unsent, with `local`); loaded_from: all messages from this number on are held.

        Raises:
            Unreachable: with `fresh`.
        """
        held = await self._disk.run(self._store.held.conversation, conversation_id)
        if fresh and (held is None or held.is_stale):
            try:
                await self._core.refreshing.read(conversation_id)
            except Later as later:
                raise Unreachable(str(later), later.wait_s) from later
            held = await self._disk.run(self._store.held.conversation, conversation_id)
        return await self._disk.run(views.conversation, self._store, held) if held is not None else None

    async def messages(self, conversation_id: str, limit: int = 10_000) -> list[Json]:
        """The newest that are held, oldest first; then own ones that are unsent, with `local` (`sending`, `failed`) and `why`."""
        return await self._disk.run(views.messages, self._store, conversation_id, limit)

    async def message(self, message_id: str) -> Json | None:
        """One that is held or unsent, as `messages` shows it."""
        return await self._disk.run(views.message, self._store, message_id)

    async def older(self, conversation_id: str, limit: int = 50) -> bool:
        """Load a page of older ones into the store; False: there are none. Raises ApiError, Unreachable."""
        held = await self._disk.run(self._store.held.conversation, conversation_id)
        if held is None or held.loaded_from <= 1:
            return False
        path = f"/v1/conversations/{conversation_id}/messages?limit={limit}&before_seq={held.loaded_from}"
        page = await self._session.call("GET", path, patience_s=_PATIENCE_S)
        begins = page.get("next_cursor") is None
        put = self._store.put_page
        applied = await self._disk.run(put, conversation_id, held.loaded_from, page["items"], begins=begins)
        self._core.changed(applied)
        self._core.telling.risen([conversation_id])
        return bool(page["items"]) or not begins

    async def send(
        self,
        conversation_id: str,
        content: Any,
        *,
        type: str = "text",
        file_ids: Sequence[str] = (),
        reply_to: str | None = None,
        channels: Sequence[str] = (),
        metadata: Mapping[str, Any] | None = None,
        message_id: str | None = None,
    ) -> str:
        """Send a message: it is kept when this returns, and sent until it is answered. Its id.

        Raises:
            StoreError: it cannot be kept, as on a full disk, and is not sent.
        """
        message_id = message_id or self._settings.new_id()
        optional = {"file_ids": list(file_ids), "reply_to": reply_to, "channels": list(channels), "metadata": metadata}
        body = {"conversation_id": conversation_id, "type": type, "content": content, "message_id": message_id}
        body |= {name: value for name, value in optional.items() if value}
        created_at = datetime.fromtimestamp(self._settings.clock(), UTC).isoformat(timespec="milliseconds")
        unsent = Unsent(message_id, conversation_id, body, created_at.replace("+00:00", "Z"), SENDING)
        await self._disk.run(self._store.write, unsent)
        self._core.own_typing.sent(conversation_id)
        self._unsent_changed(unsent)
        return message_id

    async def resend(self, message_id: str) -> bool:
        """Send one that failed again, with the same id; False: there is none."""
        return self._unsent_changed(await self._disk.run(self._store.again, message_id))

    async def discard(self, message_id: str) -> bool:
        """Give one up that is unsent; False: there is none. One that was tried may have arrived, and comes back then."""
        return self._unsent_changed(await self._disk.run(self._store.discard, message_id))

    async def edit(self, message_id: str, content: Any) -> Json:
        """Change what was said; raises ApiError (409 `edited_meanwhile`: by another device), Unreachable."""
        held = await self.message(message_id)
        revision = {"revision": int(held.get("revision") or 0)} if held is not None and "seq" in held else {}
        return await self._changed("edit", {"message_id": message_id, "content": content, **revision})

    async def unsend(self, message_id: str) -> Json:
        """Take back what was said; raises ApiError, Unreachable."""
        return await self._changed("delete", {"message_id": message_id})

    async def react(self, message_id: str, emoji: str, *, remove: bool = False) -> Json:
        """React with one emoji, or take it back; raises ApiError, Unreachable."""
        data = {"message_id": message_id, "emoji": emoji}
        return await self._changed("react", data | ({"remove": True} if remove else {}))

    async def read(self, conversation_id: str, seq: int) -> None:
        """Read up to there. It is kept, and told now and then."""
        if await self._disk.run(self._store.read, conversation_id, seq):
            self._core.telling.risen([conversation_id])
            self._core.events.tell(ConversationsChanged((conversation_id,)))

    async def typing(self, conversation_id: str) -> None:
        """The user writes; say so as often as they do."""
        await self._core.own_typing.goes_on(conversation_id)

    async def stopped_typing(self, conversation_id: str) -> None:
        """The user writes no more, and has not sent it."""
        await self._core.own_typing.stopped(conversation_id)

    def typists(self, conversation_id: str) -> list[str]:
        """Who else is writing."""
        return self._core.typists.of(conversation_id)

    def watch(self, conversation_id: str | None) -> None:
        """This conversation is open: its members' presence is asked for, and its members are kept fresh."""
        self._core.heartbeats.watch(conversation_id)
        if conversation_id is not None:
            self._core.refreshing.want([conversation_id], first=True)

    def presence(self, user_id: str) -> Json | None:
        """{status: online, offline or hidden, last_seen_at?}; None: nothing is known now."""
        return self._core.presences.of(user_id)

    async def users(self, user_ids: Iterable[str]) -> dict[str, Json]:
        """Those that are known; the others are asked for, many at a time (`UsersChanged`)."""
        return await self._core.names.of(user_ids)

    async def status(self, message_id: str) -> Json:
        """GET /v1/messages/{id}/status: every recipient and delivery. Raises ApiError, Unreachable."""
        return await self._session.call("GET", f"/v1/messages/{message_id}/status", patience_s=_PATIENCE_S)

    async def status_of(self, message: Json) -> str:
        """Of an own message as `messages` shows it: sending, accepted, sent, delivered, read or failed."""
        return await self._disk.run(views.status, self._store, message)

    async def search(self, conversation_id: str, words: str) -> list[Json]:
        """Held messages in which each of the words stands, newest first."""
        return await self._disk.run(views.search, self._store, conversation_id, words)

    async def unknown(self) -> dict[str, int]:
        """How many frames of which kinds this client has not understood; the last of each is kept in the store."""
        return await self._disk.run(self._store.held.unknown)

    async def find_user(self, username: str) -> Json | None:
        """The user of this name, in any case. Raises ApiError, Unreachable."""
        path = f"/v1/users?{httpx.QueryParams(username=username)}"
        found = await self._session.call("GET", path, patience_s=_PATIENCE_S)
        return next(iter(found["items"]), None)

    async def create_conversation(
        self,
        type: str,
        member_ids: Sequence[str],
        *,
        title: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Json:
        """Begin a `private` conversation or a `group`; raises ApiError, Unreachable."""
        body: Json = {"type": type, "member_ids": list(member_ids)}
        body |= {name: value for name, value in (("title", title), ("metadata", metadata)) if value}
        key = str(uuid.uuid4())
        document = await self._session.call("POST", "/v1/conversations", body, key=key, patience_s=_PATIENCE_S)
        await self._known(str(document["id"]))
        return document

    async def add_member(self, conversation_id: str, user_id: str, role: str = "member") -> Json:
        """Let somebody into a group; raises ApiError, Unreachable."""
        body = {"user_id": user_id, "role": role}
        path = f"/v1/conversations/{conversation_id}/members"
        member = await self._session.call("POST", path, body, key=str(uuid.uuid4()), patience_s=_PATIENCE_S)
        await self._known(conversation_id)
        return member

    async def remove_member(self, conversation_id: str, user_id: str) -> None:
        """Put somebody out of a group; raises ApiError, Unreachable."""
        await self._session.call(
            "DELETE", f"/v1/conversations/{conversation_id}/members/{user_id}", patience_s=_PATIENCE_S
        )
        await self._known(conversation_id)

    async def leave(self, conversation_id: str) -> None:
        """Leave a group; it is forgotten here. Raises ApiError, Unreachable."""
        await self.remove_member(conversation_id, self.user_id)

    async def _known(self, conversation_id: str) -> None:
        """Read a conversation's document; where that is not possible now, later."""
        self._core.refreshing.want([conversation_id], first=True)
        try:
            await self._core.refreshing.read(conversation_id)
        except Later:
            return

    async def _changed(self, action: str, data: Json) -> Json:
        """A change, whose answer is taken as if a frame had brought it."""
        answer = await self._asked(action, data)
        self._core.changed(await self._disk.run(self._store.answered, answer))
        return answer

    async def _asked(self, action: str, data: Json) -> Json:
        """Ask until it is answered or refused; raises ApiError, Unreachable."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _PATIENCE_S
        while True:
            try:
                return await self._core.requests.ask(action, data)
            except Later as later:
                if loop.time() + later.wait_s > deadline:
                    raise Unreachable(f"{action}: {later}", later.wait_s) from later
                await asyncio.sleep(later.wait_s + self._settings.chance.uniform(0.5, 1.5))

    def _unsent_changed(self, unsent: Unsent | None) -> bool:
        if unsent is None:
            return False
        self._core.sending.wake()
        self._core.events.tell(MessagesChanged(unsent.conversation_id, {}, (unsent.message_id,)))
        self._core.events.tell(ConversationsChanged((unsent.conversation_id,)))
        return True
