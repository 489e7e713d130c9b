"""Groups in the phones' API. All under /phones/api, by the phone of one of the members:

- GET /groups: {items: [group]}. POST /phones/{phone}/groups {title, bot_id, person_ids?, type?: group | supergroup,
  administrator?: bool (of the bot)}: the group.
- PATCH /phones/{phone}/groups/{chat} {title}.
- PUT DELETE /phones/{phone}/groups/{chat}/members/{person}: add, remove or leave.
- PUT /phones/{phone}/groups/{chat}/bot {status: member | administrator | kicked}.
- POST /phones/{phone}/groups/{chat}/upgrade: the supergroup, which has another id.
- POST /phones/{phone}/groups/{chat}/pin {message_id}.

A group: {id, title, type, bot_id, bot_status, migrated_to, members: [person]}.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from local.simulators.phone_requests import PhoneError, answering, field, read_body
from local.simulators.telegram.chat import Chat
from local.simulators.telegram.group_acts import GroupActs
from local.simulators.telegram.phones import Phones
from local.simulators.telegram.storage import Row

_GROUP = "/phones/api/phones/{phone}/groups/{chat}"
_STATUSES = ("member", "administrator", "kicked")


class PhoneGroups:
    """Acts of members."""

    def __init__(self, phones: Phones, acts: GroupActs) -> None:
        self._paths = phones.paths
        self._acts = acts
        self._groups = acts.storage.groups

    def add_to(self, app: web.Application) -> None:
        routes: list[tuple[str, str, Callable[[web.Request], Awaitable[Any]]]] = [
            ("GET", "/phones/api/groups", self.list_all),
            ("POST", "/phones/api/phones/{phone}/groups", self.create),
            ("PATCH", _GROUP, self.rename),
            ("PUT", f"{_GROUP}/members/{{person}}", self.add),
            ("DELETE", f"{_GROUP}/members/{{person}}", self.remove),
            ("PUT", f"{_GROUP}/bot", self.set_bot),
            ("POST", f"{_GROUP}/upgrade", self.upgrade),
            ("POST", f"{_GROUP}/pin", self.pin),
        ]
        for method, path, act in routes:
            app.router.add_route(method, path, answering(act))

    async def list_all(self, _request: web.Request) -> Any:
        return {"items": [self._view(group["id"]) for group in self._groups.all()]}

    async def create(self, request: web.Request) -> Any:
        person, body = self._paths.person(request), await read_body(request)
        kind, ids = body.get("type", "group"), body.get("person_ids", [])
        if kind not in ("group", "supergroup"):
            raise PhoneError(400, "type must be group or supergroup")
        if not isinstance(ids, list):
            raise PhoneError(400, "person_ids must be a list")
        others = [self._paths.person_of(number) for number in ids if number != person["id"]]
        bot, title = self._paths.bot(body.get("bot_id")), field(body, "title", 128)
        chat = self._acts.create(bot, person, kind, title, others, administrator=body.get("administrator") is True)
        return 201, self._view(chat.id)

    async def rename(self, request: web.Request) -> Any:
        chat, person = self._group(request)
        return self._view(self._acts.rename(chat, person, field(await read_body(request), "title", 128)).id)

    async def add(self, request: web.Request) -> Any:
        chat, person = self._group(request)
        self._acts.add(chat, person, self._paths.person_of(self._paths.number(request, "person")))
        return self._view(chat.id)

    async def remove(self, request: web.Request) -> Any:
        chat, person = self._group(request)
        removed = self._paths.person_of(self._paths.number(request, "person"))
        self._paths.chat_of(removed, chat.id)
        self._acts.remove(chat, person, removed)
        return self._view(chat.id)

    async def set_bot(self, request: web.Request) -> Any:
        chat, person = self._group(request)
        status = (await read_body(request)).get("status")
        if status not in _STATUSES:
            raise PhoneError(400, f"status must be one of {', '.join(_STATUSES)}")
        return self._view(self._acts.set_bot(chat, person, status).id)

    async def upgrade(self, request: web.Request) -> Any:
        chat, person = self._group(request)
        if chat.group is None or chat.group["type"] != "group":
            raise PhoneError(409, "only a basic group can be upgraded")
        return 201, self._view(self._acts.upgrade(chat, person).id)

    async def pin(self, request: web.Request) -> Any:
        chat, person = self._group(request)
        row = self._paths.found(chat, (await read_body(request)).get("message_id"))
        if row is None:
            raise PhoneError(400, "message_id: there is no such message in this group")
        self._acts.pin(chat, person, row)
        return self._view(chat.id)

    def _group(self, request: web.Request) -> tuple[Chat, Row]:
        chat, person = self._paths.chat(request)
        if chat.group is None:
            raise PhoneError(404, "there is no such group")
        return chat, person

    def _view(self, group_id: int) -> dict[str, Any]:
        group = self._groups.get(group_id)
        assert group is not None
        shown = {name: group[name] for name in ("id", "title", "type", "bot_id", "bot_status", "migrated_to")}
        return shown | {"members": self._groups.members(group_id)}
