"""What a phone shows: people, bots, chats, messages, and live changes (described in `phones.py`)."""

from typing import Any

from aiohttp import web

from local.simulators.live import Change
from local.simulators.phone_requests import PhoneError, answering, stream
from local.simulators.telegram.chats import Chats
from local.simulators.telegram.phone_paths import PhonePaths
from local.simulators.telegram.phone_view import phone_view
from local.simulators.telegram.storage import Row


class PhoneLists:
    """GET requests."""

    def __init__(self, chats: Chats, paths: PhonePaths) -> None:
        self._storage = chats.storage
        self._live = chats.live
        self._paths = paths

    def add_to(self, app: web.Application) -> None:
        for path, act in (
            ("phones", self.people),
            ("bots", self.bots),
            ("phones/{phone}/chats", self.chats),
            ("phones/{phone}/chats/{chat}/messages", self.messages),
        ):
            app.router.add_get(f"/phones/api/{path}", answering(act))
        app.router.add_get("/phones/api/phones/{phone}/events", self.events)

    async def people(self, _request: web.Request) -> Any:
        return {"items": self._storage.people()}

    async def bots(self, _request: web.Request) -> Any:
        return {"items": [self.bot_view(bot) for bot in self._storage.bots()]}

    async def chats(self, request: web.Request) -> Any:
        """Chats that were started, and groups."""
        person = self._paths.person(request)
        items: list[dict[str, Any]] = []
        for chat in self._storage.chats(person["id"]):
            one = {
                "bot_id": chat["bot_id"],
                "chat": chat["bot_id"],
                "type": "private",
                "blocked": bool(chat["blocked"]),
            }
            items.append(one | {"last_message": self._last(chat["bot_id"], person["id"], person)})
        for group in self._storage.groups.of_person(person["id"]):
            if group["migrated_to"] is None:
                one = {"bot_id": group["bot_id"], "chat": group["id"], "type": group["type"], "title": group["title"]}
                last = self._last(group["bot_id"], group["id"], person)
                items.append(one | {"blocked": False, "last_message": last})
        return {"items": items, "revision": self._storage.messages.revision()}

    def _last(self, bot_id: int, chat_id: int, person: Row) -> dict[str, Any] | None:
        row = self._storage.messages.newest(bot_id, chat_id)
        return None if row is None else self.view(row, person)

    async def messages(self, request: web.Request) -> Any:
        chat, person = self._paths.chat(request)
        started = self._storage.chat(chat.bot["id"], person["id"])
        people = self._people_by_id()
        rows = self._storage.messages.of_chat(chat.bot["id"], chat.id)
        return {
            "items": [phone_view(row, person["id"], people) for row in rows],
            "started": chat.group is not None or started is not None,
            "blocked": bool(chat.group is None and started and started["blocked"]),
        }

    async def events(self, request: web.Request) -> web.StreamResponse:
        try:
            person = self._paths.person(request)
            newest = self._storage.messages.revision()
            after = int(request.headers.get("Last-Event-ID") or request.query.get("after") or newest)
        except (PhoneError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=getattr(error, "status", 400))
        return await stream(request, self._live, person["id"], lambda: self._missed(person, after))

    def _missed(self, person: Row, after: int) -> list[Change]:
        people = self._people_by_id()
        rows = self._storage.messages.changed(person["id"], after)
        return [Change("message", phone_view(row, person["id"], people), row["revision"]) for row in rows]

    def view(self, row: Row, person: Row) -> dict[str, Any]:
        """A message on that person's phone."""
        return phone_view(row, person["id"], self._people_by_id())

    def bot_view(self, bot: Row) -> dict[str, Any]:
        return {
            "id": bot["id"],
            "name": bot["name"],
            "username": bot["username"],
            "privacy": bool(bot["privacy"]),
            "webhook_url": bot["webhook_url"],
            "pending_updates": self._storage.update_count(bot["id"]),
            "last_error": bot["last_error_message"],
        }

    def _people_by_id(self) -> dict[int, Row]:
        return {person["id"]: person for person in self._storage.people()}
