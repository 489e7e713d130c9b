"""The phones' JSON API under /phones/api: what the page uses, and what tests use as a person's hands and eyes."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

from local.simulators.live import Change, Live
from local.simulators.phone_requests import PhoneError, answering, field, read_body, stream
from local.simulators.telegram.bots import new_bot
from local.simulators.telegram.chats import Chats, phone_view
from local.simulators.telegram.phone_input import new_content
from local.simulators.telegram.storage import Row

_CHAT = "/phones/api/phones/{phone}/chats/{bot}"


class Phones:
    """People, the bots they may talk to, and their chats."""

    def __init__(self, chats: Chats, live: Live) -> None:
        self._chats = chats
        self._storage = chats.storage
        self._live = live

    def add_to(self, app: web.Application) -> None:
        routes: list[tuple[str, str, Callable[[web.Request], Awaitable[Any]]]] = [
            ("GET", "/phones/api/phones", self.list_phones),
            ("POST", "/phones/api/phones", self.create_phone),
            ("GET", "/phones/api/bots", self.list_bots),
            ("POST", "/phones/api/bots", self.create_bot),
            ("GET", "/phones/api/settings", self.get_settings),
            ("PUT", "/phones/api/settings", self.put_settings),
            ("GET", "/phones/api/phones/{phone}/chats", self.list_chats),
            ("GET", f"{_CHAT}/messages", self.list_messages),
            ("POST", f"{_CHAT}/messages", self.send),
            ("PATCH", f"{_CHAT}/messages/{{message}}", self.edit),
            ("PUT", f"{_CHAT}/block", self.block),
            ("DELETE", f"{_CHAT}/block", self.unblock),
        ]
        for method, path, act in routes:
            app.router.add_route(method, path, answering(act))
        app.router.add_get("/phones/api/phones/{phone}/events", self.events)

    # --- people and bots
    async def list_phones(self, _request: web.Request) -> Any:
        return {"items": self._storage.people()}

    async def create_phone(self, request: web.Request) -> Any:
        """{first_name, last_name?, username?, phone_number?, language_code?} -> the person; `id` is also the chat's id."""
        body = await read_body(request)
        first_name = field(body, "first_name", 64)
        number = field(body, "phone_number", 20, default=f"+999555{len(self._storage.people()) + 1:04d}")
        last_name, username = (field(body, name, 64, default="") for name in ("last_name", "username"))
        language = field(body, "language_code", 8, default="en")
        return 201, self._storage.add_person(first_name, last_name, username, number, language)

    async def list_bots(self, _request: web.Request) -> Any:
        return {"items": [self._bot_view(bot) for bot in self._storage.bots()]}

    async def create_bot(self, request: web.Request) -> Any:
        """{name} -> the bot and its `token`, which is told only here."""
        bot, token = new_bot(self._storage, field(await read_body(request), "name", 64))
        return 201, self._bot_view(bot) | {"token": token}

    async def get_settings(self, _request: web.Request) -> Any:
        return {"rate_limits": self._storage.setting("rate_limits", True)}

    async def put_settings(self, request: web.Request) -> Any:
        """{rate_limits: bool}: whether bots are held to Telegram's rates."""
        wanted = (await read_body(request)).get("rate_limits")
        if not isinstance(wanted, bool):
            raise PhoneError(400, "rate_limits must be true or false")
        self._storage.set_setting("rate_limits", wanted)
        return await self.get_settings(request)

    # --- chats
    async def list_chats(self, request: web.Request) -> Any:
        person = self._person(request)
        items = []
        for chat in self._storage.chats(person["id"]):
            messages = self._storage.messages(chat["bot_id"], person["id"])
            last = phone_view(messages[-1]) if messages else None
            items.append({"bot_id": chat["bot_id"], "blocked": bool(chat["blocked"]), "last_message": last})
        return {"items": items, "revision": self._storage.revision()}

    async def list_messages(self, request: web.Request) -> Any:
        """All messages of a chat, oldest first."""
        bot, person = self._bot(request), self._person(request)
        chat = self._storage.chat(bot["id"], person["id"])
        items = [phone_view(row) for row in self._storage.messages(bot["id"], person["id"])]
        return {"items": items, "started": chat is not None, "blocked": bool(chat and chat["blocked"])}

    async def send(self, request: web.Request) -> Any:
        """{text | location: {latitude, longitude} | contact: {...}, reply_to_message_id?} -> the message."""
        bot, person = self._bot(request), self._person(request)
        body = await read_body(request)
        content = new_content(body)
        reply_to = body.get("reply_to_message_id")
        if reply_to is not None and (
            not isinstance(reply_to, int) or self._storage.message(bot["id"], person["id"], reply_to) is None
        ):
            raise PhoneError(400, "reply_to_message_id: there is no such message in this chat")
        return 201, phone_view(self._chats.person_says(bot, person, content, reply_to))

    async def edit(self, request: web.Request) -> Any:
        """{text}: change a text that was sent from this phone."""
        bot, person = self._bot(request), self._person(request)
        row = self._storage.message(bot["id"], person["id"], _number(request, "message"))
        if row is None or row["from_bot"] or "text" not in row["content"]:
            raise PhoneError(404, "there is no such text of this person")
        content = new_content(await read_body(request))
        if "text" not in content:
            raise PhoneError(400, "text is missing")
        return phone_view(self._chats.person_edits(bot, person, row, content["text"]))

    async def block(self, request: web.Request) -> Any:
        return self._set_blocked(request, blocked=True)

    async def unblock(self, request: web.Request) -> Any:
        return self._set_blocked(request, blocked=False)

    def _set_blocked(self, request: web.Request, *, blocked: bool) -> Any:
        bot, person = self._bot(request), self._person(request)
        if self._storage.chat(bot["id"], person["id"]) is None:
            raise PhoneError(409, "the chat has not been started")
        self._chats.set_blocked(bot, person, blocked=blocked)
        return {"blocked": blocked}

    # --- live
    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: message (id: revision), action, blocked. Last-Event-ID or ?after= resumes without a gap."""
        try:
            person = self._person(request)
            after = int(request.headers.get("Last-Event-ID") or request.query.get("after") or self._storage.revision())
        except (PhoneError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=getattr(error, "status", 400))

        def missed() -> Iterator[Change]:
            for row in self._storage.messages_changed(person["id"], after):
                yield Change("message", phone_view(row), row["revision"])

        return await stream(request, self._live, person["id"], missed)

    # --- parts of the path
    def _person(self, request: web.Request) -> Row:
        person = self._storage.person(_number(request, "phone"))
        if person is None:
            raise PhoneError(404, "there is no such phone")
        return person

    def _bot(self, request: web.Request) -> Row:
        bot = self._storage.bot(_number(request, "bot"))
        if bot is None:
            raise PhoneError(404, "there is no such bot; a bot appears when its token is first used")
        return bot

    def _bot_view(self, bot: Row) -> dict[str, Any]:
        return {
            "id": bot["id"],
            "name": bot["name"],
            "username": bot["username"],
            "webhook_url": bot["webhook_url"],
            "pending_updates": self._storage.update_count(bot["id"]),
            "last_error": bot["last_error_message"],
        }


def _number(request: web.Request, name: str) -> int:
    try:
        return int(request.match_info[name])
    except ValueError:
        return -1
