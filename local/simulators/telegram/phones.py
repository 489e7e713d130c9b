"""Telegram's phones' JSON API under /phones/api: what the page uses, and what tests use as a person's hands and eyes.

Errors are {"error": text} with 4xx. Bodies are JSON, but for uploads. Times: Unix seconds. What makes something answers 201.

- GET PUT /settings: `local.simulators.settings`, and `clock_ahead_s`; PUT takes any of them and answers all.
- GET /phones, POST {first_name, last_name?, username?, phone_number?, language_code?}: the person; `id` is also the chat's id.
- GET /bots, POST {name, privacy?}: the bot and its `token`, told only here; PATCH /bots/{bot} {privacy}.
- POST /bots/{bot}/token: {token}, a new one; the former one is revoked.
- PUT /phones/{phone}/uploads/{filename}, the bytes: {media_id, mime_type, size, filename, url}.
- GET /files/{media_id}: the bytes, as in a message's `media.url`.
- GET /phones/{phone}/chats: {items: [{bot_id, chat, title?, type, blocked, last_message}], revision}.
- GET /phones/{phone}/events: server-sent events message (id: revision), action {bot_id, action, chat?}, blocked {bot_id,
  blocked}, answer {bot_id, id, text, alert} of a button; Last-Event-ID or ?after= resumes without a gap.

Under /phones/{phone}/chats/{chat}, where {chat} is a bot's id or a group's (negative) id; a message is what `phone_view` says:

- GET /messages: {items, oldest first, started, blocked}.
- POST /messages: one of `text`, `location` {latitude, longitude}, `venue` {location, title, address}, `contact` {phone_number,
  first_name, last_name?}, `media` {media_id, type, caption?, duration?, width?, height?, emoji?} with type photo, video, audio,
  voice, document, animation, sticker or video_note, `album` [media] (answers {items}), `forward` {chat, message_id}; with it
  `reply_to_message_id`?
- PATCH /messages/{id} {text | caption}, DELETE /messages/{id} (Telegram does not tell bots).
- PUT /messages/{id}/reaction {emoji}, DELETE: react, and take it back.
- POST /messages/{id}/press {data}: a button of an inline keyboard; {id} of the callback query.
- PUT DELETE /block.

Groups: `phone_groups.py`.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from local.simulators.phone_requests import PhoneError, answering, field, read_body
from local.simulators.settings import Settings
from local.simulators.telegram.bots import new_bot, revoked
from local.simulators.telegram.change_methods import REACTIONS
from local.simulators.telegram.chat import Chat
from local.simulators.telegram.chats import Chats
from local.simulators.telegram.people_acts import PeopleActs
from local.simulators.telegram.phone_files import PhoneFiles
from local.simulators.telegram.phone_input import album, changes, new_content
from local.simulators.telegram.phone_lists import PhoneLists
from local.simulators.telegram.phone_paths import PhonePaths
from local.simulators.telegram.storage import Row

_CHAT = "/phones/api/phones/{phone}/chats/{chat}"
_MESSAGE = f"{_CHAT}/messages/{{message}}"


class Phones:
    """Acts of people with their phones; `PhoneLists` has what is looked at, `PhoneFiles` the files."""

    def __init__(self, chats: Chats, people: PeopleActs, settings: Settings) -> None:
        self.paths = PhonePaths(chats.storage)
        self.lists = PhoneLists(chats, self.paths)
        self._files = PhoneFiles(chats.storage.files, self.paths)
        self._storage = chats.storage
        self._people = people
        self._settings = settings

    def add_to(self, app: web.Application) -> None:
        routes: list[tuple[str, str, Callable[[web.Request], Awaitable[Any]]]] = [
            ("POST", "/phones/api/phones", self.create_phone),
            ("POST", "/phones/api/bots", self.create_bot),
            ("PATCH", "/phones/api/bots/{bot}", self.change_bot),
            ("POST", "/phones/api/bots/{bot}/token", self.revoke_token),
            ("GET", "/phones/api/settings", self.get_settings),
            ("PUT", "/phones/api/settings", self.put_settings),
            ("POST", f"{_CHAT}/messages", self.send),
            ("PATCH", _MESSAGE, self.edit),
            ("DELETE", _MESSAGE, self.delete),
            ("PUT", f"{_MESSAGE}/reaction", self.react),
            ("DELETE", f"{_MESSAGE}/reaction", self.unreact),
            ("POST", f"{_MESSAGE}/press", self.press),
            ("PUT", f"{_CHAT}/block", self.block),
            ("DELETE", f"{_CHAT}/block", self.unblock),
        ]
        for method, path, act in routes:
            app.router.add_route(method, path, answering(act))
        self.lists.add_to(app)
        self._files.add_to(app)

    # --- people, bots, settings
    async def create_phone(self, request: web.Request) -> Any:
        body = await read_body(request)
        first_name = field(body, "first_name", 64)
        number = field(body, "phone_number", 20, default=f"+999555{len(self._storage.people()) + 1:04d}")
        last_name, username = (field(body, name, 64, default="") for name in ("last_name", "username"))
        language = field(body, "language_code", 8, default="en")
        return 201, self._storage.add_person(first_name, last_name, username, number, language)

    async def create_bot(self, request: web.Request) -> Any:
        body = await read_body(request)
        bot, token = new_bot(self._storage, field(body, "name", 64))
        if "privacy" in body:
            self._storage.set_privacy(bot["id"], privacy=_flag(body, "privacy"))
        return 201, self.lists.bot_view(self.paths.bot(bot["id"])) | {"token": token}

    async def change_bot(self, request: web.Request) -> Any:
        """As BotFather's /setprivacy does."""
        bot = self.paths.bot(self.paths.number(request, "bot"))
        self._storage.set_privacy(bot["id"], privacy=_flag(await read_body(request), "privacy"))
        return self.lists.bot_view(self.paths.bot(bot["id"]))

    async def revoke_token(self, request: web.Request) -> Any:
        """As BotFather's /revoke does."""
        return 201, {"token": revoked(self._storage, self.paths.bot(self.paths.number(request, "bot")))}

    async def get_settings(self, _request: web.Request) -> Any:
        return self._settings.all()

    async def put_settings(self, request: web.Request) -> Any:
        return self._settings.change(await read_body(request))

    # --- messages
    async def send(self, request: web.Request) -> Any:
        chat, person = self.paths.chat(request)
        body = await read_body(request)
        reply_to = body.get("reply_to_message_id")
        if reply_to is not None and not (isinstance(reply_to, int) and self.paths.found(chat, reply_to)):
            raise PhoneError(400, "reply_to_message_id: there is no such message in this chat")
        if "album" in body:
            group = str(10**16 + secrets.randbelow(9 * 10**16))
            contents = [one | {"media_group_id": group} for one in album(body["album"], self._storage)]
            rows = [self._people.says(chat, person, content, reply_to) for content in contents]
            return 201, {"items": [self.lists.view(row, person) for row in rows]}
        content = self._forwarded(body, person) if "forward" in body else new_content(body, self._storage)
        return 201, self.lists.view(self._people.says(chat, person, content, reply_to), person)

    def _forwarded(self, body: Row, person: Row) -> Row:
        wanted = body["forward"] if isinstance(body["forward"], dict) else {}
        source = self.paths.chat_of(person, wanted.get("chat"))
        row = self.paths.found(source, wanted.get("message_id"))
        if row is None or "service" in row["content"]:
            raise PhoneError(400, "forward: there is no such message")
        sender = None if row["sender_id"] == source.bot["id"] else self._storage.person(row["sender_id"])
        return self._people.forwarded(row, sender, source.bot)

    async def edit(self, request: web.Request) -> Any:
        chat, person, row = self.paths.own_message(request)
        if not {"text", "media"} & row["content"].keys():
            raise PhoneError(409, "only texts and captions can be edited")
        change = changes(await read_body(request), row["content"])
        return self.lists.view(self._people.edits(chat, row, change), person)

    async def delete(self, request: web.Request) -> Any:
        chat, person, row = self.paths.own_message(request)
        return self.lists.view(self._people.deletes(chat, row), person)

    async def react(self, request: web.Request) -> Any:
        emoji = (await read_body(request)).get("emoji")
        if not isinstance(emoji, str) or emoji.replace("\ufe0f", "") not in REACTIONS:
            raise PhoneError(400, "emoji must be one of those that Telegram has for reactions")
        return self._react(request, emoji)

    async def unreact(self, request: web.Request) -> Any:
        return self._react(request, "")

    def _react(self, request: web.Request, emoji: str) -> Any:
        chat, person, row = self.paths.message(request)
        return self.lists.view(self._people.reacts(chat, person, row, emoji), person)

    async def press(self, request: web.Request) -> Any:
        chat, person, row = self.paths.message(request)
        data = (await read_body(request)).get("data")
        lines = row["content"].get("reply_markup", {}).get("inline_keyboard", ())
        if not isinstance(data, str) or data not in [one.get("callback_data") for line in lines for one in line]:
            raise PhoneError(400, "data: the message has no such button")
        return 201, {"id": self._people.presses(chat, person, row, data)}

    # --- blocking
    async def block(self, request: web.Request) -> Any:
        return self._set_blocked(request, blocked=True)

    async def unblock(self, request: web.Request) -> Any:
        return self._set_blocked(request, blocked=False)

    def _set_blocked(self, request: web.Request, *, blocked: bool) -> Any:
        chat, person = self.paths.chat(request)
        if chat.group is not None:
            raise PhoneError(409, "a group is left, not blocked")
        if self._storage.chat(chat.bot["id"], person["id"]) is None:
            raise PhoneError(409, "the chat has not been started")
        self._people.set_blocked(Chat(chat.bot, person=person), person, blocked=blocked)
        return {"blocked": blocked}


def _flag(body: Row, name: str) -> bool:
    value = body.get(name)
    if not isinstance(value, bool):
        raise PhoneError(400, f"{name} must be true or false")
    return value
