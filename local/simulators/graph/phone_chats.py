"""What a person does and sees in a chat: the routes of the phones' API under a chat (`phones` has their table)."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from local.simulators.graph.chats import Chats
from local.simulators.graph.phone_input import new_content, new_text, pressed
from local.simulators.graph.phone_view import phone_view, shown
from local.simulators.phone_requests import PhoneError, answering, read_body
from local.simulators.sqlite_file import Row

_CHAT = "/people/{person}/chats/{account}"
_MESSAGE = _CHAT + "/messages/{message}"

_EDITS = 5
"""Of a message on Messenger (message_edits reference)."""


class PhoneChats:
    """One person's chats."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._storage = chats.storage

    def add_to(self, app: web.Application, root: str) -> None:
        routes: list[tuple[str, str, Callable[[web.Request], Awaitable[Any]]]] = [
            ("GET", "/people/{person}/chats", self.list_chats),
            ("GET", _CHAT + "/messages", self.list_messages),
            ("POST", _CHAT + "/messages", self.send),
            ("PATCH", _MESSAGE, self.edit),
            ("DELETE", _MESSAGE, self.unsend),
            ("PUT", _MESSAGE + "/reaction", self.react),
            ("DELETE", _MESSAGE + "/reaction", self.unreact),
            ("POST", _MESSAGE + "/press", self.press),
            ("POST", _MESSAGE + "/played", self.play),
            ("POST", _CHAT + "/read", self.read),
            ("PUT", _CHAT + "/block", self.block),
            ("DELETE", _CHAT + "/block", self.unblock),
        ]
        for method, path, act in routes:
            app.router.add_route(method, root + path, answering(act))

    async def list_chats(self, request: web.Request) -> Any:
        person = self._storage.person(request.match_info["person"])
        if person is None:
            raise PhoneError(404, "there is no such person")
        items = []
        for chat in self._storage.chats(person["id"]):
            rows = [row for row in self._storage.messages(chat["account_id"], person["id"]) if shown(row)]
            unread = sum(1 for row in rows if row["from"] == "account" and row["status"] in ("sent", "delivered"))
            last = phone_view(rows[-1], self._chats.origin) if rows else None
            blocked = bool(chat["blocked"])
            items.append({"account_id": chat["account_id"], "blocked": blocked, "unread": unread, "last_message": last})
        return {"items": items, "revision": self._storage.revision()}

    async def list_messages(self, request: web.Request) -> Any:
        account, person = self._pair(request)
        rows = self._storage.messages(account["id"], person["id"])
        items = [phone_view(row, self._chats.origin) for row in rows if shown(row)]
        return {"items": items, "blocked": self._chats.blocked(account, person["id"])}

    async def send(self, request: web.Request) -> Any:
        account, person = self._pair(request)
        body = await read_body(request)
        self._chats.seen_at(str(request.url.origin()))
        document = new_content(self._chats.media, account, body)
        if "reply_to" in body:
            document["reply_to"] = self._row(account, person, body["reply_to"], "reply_to")["id"]
        return 201, self._view(self._chats.person_says(account, person, document))

    async def edit(self, request: web.Request) -> Any:
        account, person = self._pair(request)
        row = self._own(request, account, person)
        if account["channel"] == "instagram":
            raise PhoneError(400, "edits of Instagram are not told to accounts")
        if account["channel"] == "messenger" and row.get("num_edit", 0) >= _EDITS:
            raise PhoneError(409, f"a message can be edited {_EDITS} times")
        if "text" not in row and "media" not in row:
            raise PhoneError(400, "only texts and captions can be edited")
        text = new_text(account, (await read_body(request)).get("text"))
        return self._view(self._chats.person_edits(account, person, row, text))

    async def unsend(self, request: web.Request) -> Any:
        account, person = self._pair(request)
        return self._view(self._chats.person_unsends(account, person, self._own(request, account, person)))

    async def react(self, request: web.Request) -> Any:
        emoji = (await read_body(request)).get("emoji")
        if not isinstance(emoji, str) or not 0 < len(emoji) <= 16 or any(ch.isalnum() or ch.isspace() for ch in emoji):
            raise PhoneError(400, "emoji must be one emoji")
        return self._react(request, emoji)

    async def unreact(self, request: web.Request) -> Any:
        return self._react(request, "")

    def _react(self, request: web.Request, emoji: str) -> Any:
        account, person = self._pair(request)
        row = self._row(account, person, request.match_info["message"], "message")
        if not emoji and "me" not in row["reactions"]:
            raise PhoneError(409, "there is no reaction to be taken back")
        return self._view(self._chats.person_reacts(account, person, row, emoji))

    async def press(self, request: web.Request) -> Any:
        account, person = self._pair(request)
        row = self._row(account, person, request.match_info["message"], "message")
        button = (await read_body(request)).get("button")
        return 201, self._view(self._chats.person_says(account, person, pressed(row, str(button))))

    async def play(self, request: web.Request) -> Any:
        account, person = self._pair(request)
        row = self._row(account, person, request.match_info["message"], "message")
        if account["channel"] != "whatsapp" or row["from"] != "account" or row["type"] != "audio":
            raise PhoneError(400, "only voice messages from a number of WhatsApp can be played")
        return self._view(self._chats.person_plays(account, person, row))

    async def read(self, request: web.Request) -> Any:
        account, person = self._pair(request)
        body = await read_body(request) if request.can_read_body else {}
        up_to = self._row(account, person, body["up_to"], "up_to") if "up_to" in body else None
        return {"read": self._chats.person_reads(account, person, up_to)}

    async def block(self, request: web.Request) -> Any:
        return self._block(request, blocked=True)

    async def unblock(self, request: web.Request) -> Any:
        return self._block(request, blocked=False)

    def _block(self, request: web.Request, *, blocked: bool) -> Any:
        account, person = self._pair(request)
        self._chats.set_blocked(account, person, blocked=blocked)
        return {"blocked": blocked}

    # --- parts of the path
    def _pair(self, request: web.Request) -> tuple[Row, Row]:
        account = self._storage.account(request.match_info["account"])
        person = self._storage.person(request.match_info["person"])
        if person is None:
            raise PhoneError(404, "there is no such person")
        if account is None or account["channel"] != person["channel"]:
            raise PhoneError(404, f"there is no such account on {person['channel']}")
        return account, person

    def _row(self, account: Row, person: Row, message_id: Any, where: str) -> Row:
        row = self._storage.message(message_id) if isinstance(message_id, str) else None
        if row is None or row["account_id"] != account["id"] or row["person_id"] != person["id"]:
            raise PhoneError(404 if where == "message" else 400, f"{where}: there is no such message in this chat")
        return row

    def _own(self, request: web.Request, account: Row, person: Row) -> Row:
        row = self._row(account, person, request.match_info["message"], "message")
        if row["from"] != "me" or row["deleted"]:
            raise PhoneError(404, "message: it is not one of this person's own")
        return row

    def _view(self, row: Row) -> Row:
        return phone_view(row, self._chats.origin)
