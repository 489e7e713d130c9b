"""What the path of a phones' request names: the person, the chat, the message. Raises PhoneError where there is none."""

from typing import Any

from aiohttp import web

from local.simulators.phone_requests import PhoneError
from local.simulators.telegram.chat import Chat
from local.simulators.telegram.storage import Row, Storage


class PhonePaths:
    """Looks in the storage."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def number(self, request: web.Request, name: str) -> int:
        try:
            return int(request.match_info[name])
        except ValueError:
            return 0

    def person(self, request: web.Request) -> Row:
        return self.person_of(self.number(request, "phone"))

    def person_of(self, person_id: Any) -> Row:
        person = self._storage.person(person_id) if _is_id(person_id) else None
        if person is None:
            raise PhoneError(404, f"there is no such phone: {person_id}")
        return person

    def bot(self, bot_id: Any) -> Row:
        bot = self._storage.bot(bot_id) if _is_id(bot_id) else None
        if bot is None:
            raise PhoneError(404, "there is no such bot; a bot appears when its token is first used")
        return bot

    def chat(self, request: web.Request) -> tuple[Chat, Row]:
        person = self.person(request)
        return self.chat_of(person, self.number(request, "chat")), person

    def chat_of(self, person: Row, key: Any) -> Chat:
        """By a bot's id, or a group's in which the person is."""
        if not _is_id(key) or key >= 0:
            return Chat(self.bot(key), person=person)
        group = self._storage.groups.get(key)
        if group is None or person["id"] not in [member["id"] for member in self._storage.groups.members(key)]:
            raise PhoneError(404, "there is no such group of this person")
        if group["migrated_to"]:
            raise PhoneError(409, f"the group was upgraded to the supergroup {group['migrated_to']}")
        return Chat(self.bot(group["bot_id"]), group=group)

    def found(self, chat: Chat, message_id: Any) -> Row | None:
        known = _is_id(message_id)
        return self._storage.messages.get(chat.bot["id"], chat.id, message_id) if known else None

    def message(self, request: web.Request) -> tuple[Chat, Row, Row]:
        """(chat, person, message)"""
        chat, person = self.chat(request)
        row = self.found(chat, self.number(request, "message"))
        if row is None:
            raise PhoneError(404, "there is no such message in this chat")
        return chat, person, row

    def own_message(self, request: web.Request) -> tuple[Chat, Row, Row]:
        chat, person, row = self.message(request)
        if row["sender_id"] != person["id"] or "service" in row["content"]:
            raise PhoneError(404, "there is no such message of this person")
        return chat, person, row


def _is_id(value: Any) -> bool:
    """A number that the storage can hold."""
    return isinstance(value, int) and abs(value) < 2**63
