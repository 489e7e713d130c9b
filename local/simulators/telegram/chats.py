"""Acts of bots in chats: each is checked as Telegram does, stored, and told to the phones."""

from collections.abc import Callable, Iterable
from typing import Any

from local.simulators.live import Change, Live
from local.simulators.telegram import shapes
from local.simulators.telegram.chat import Chat
from local.simulators.telegram.errors import BotApiError, bad_request
from local.simulators.telegram.phone_view import phone_view
from local.simulators.telegram.storage import Row, Storage

_DELETE_WITHIN_S = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as"
    " a current content and reply markup of the message"
)


class Chats:
    """Chats and the acts of bots; `now` gives Unix seconds."""

    def __init__(self, storage: Storage, live: Live, now: Callable[[], int]) -> None:
        self.storage = storage
        self.live = live
        self.now = now

    # --- which chat
    def reachable(self, bot: Row, chat_id: int) -> Chat:
        """The chat where the bot may write; raises BotApiError as Telegram does.

        A bot knows only those who have written to it first, and groups it has been in.
        """
        if chat_id < 0:
            return self._group(bot, chat_id)
        person = self.storage.person(chat_id)
        chat = self.storage.chat(bot["id"], chat_id)
        if person is not None and chat is None and self._met_in_group(bot, chat_id):
            raise BotApiError(403, "Forbidden: bot can't initiate conversation with a user")
        if person is None or chat is None:
            raise bad_request("chat not found")
        if chat["blocked"]:
            raise BotApiError(403, "Forbidden: bot was blocked by the user")
        return Chat(bot, person=person)

    def _met_in_group(self, bot: Row, person_id: int) -> bool:
        return any(group["bot_id"] == bot["id"] for group in self.storage.groups.of_person(person_id))

    def _group(self, bot: Row, chat_id: int) -> Chat:
        group = self.storage.groups.get(chat_id)
        if group is None or group["bot_id"] != bot["id"]:
            raise bad_request("chat not found")
        if group["migrated_to"]:
            raise BotApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": group["migrated_to"]},
            )
        if group["bot_status"] == "kicked":
            raise BotApiError(403, f"Forbidden: bot was kicked from the {group['type']} chat")
        if group["bot_status"] == "left":
            raise BotApiError(403, f"Forbidden: bot is not a member of the {group['type']} chat")
        return Chat(bot, group=group)

    def message(self, chat: Chat, message_id: int) -> Row | None:
        return self.storage.messages.get(chat.bot["id"], chat.id, message_id)

    # --- acts of bots
    def bot_says(self, chat: Chat, content: Row, reply_to: int | None) -> dict[str, Any]:
        """The Message object."""
        row = self.storage.messages.add(
            chat.bot["id"], chat.id, content, sender_id=chat.bot["id"], date=self.now(), reply_to=reply_to
        )
        return self.shown(row, chat)

    def bot_edits(self, chat: Chat, message_id: int, field: str, changes: Row) -> dict[str, Any]:
        """Replace `field` (text, caption, or reply_markup) by `changes`: an inline keyboard that is not given goes."""
        row = self.message(chat, message_id)
        if row is None:
            raise bad_request("message to edit not found")
        content = row["content"]
        if row["sender_id"] != chat.bot["id"]:
            raise bad_request("message can't be edited")
        if field == "text" and "text" not in content:
            raise bad_request("there is no text in the message to edit")
        if field == "caption" and "media" not in content:
            raise bad_request("there is no caption in the message to edit")
        dropped = {"text": ("text", "entities"), "caption": ("caption", "caption_entities")}.get(field, ())
        kept = {name: value for name, value in content.items() if name not in (*dropped, "reply_markup")}
        if kept | changes == content:
            raise bad_request(_NOT_MODIFIED)
        edited = {} if field == "reply_markup" else {"edit_date": self.now()}
        return self.shown(self.storage.messages.change(row, content=kept | changes, **edited), chat)

    def bot_deletes(self, chat: Chat, message_id: int) -> None:
        row = self.message(chat, message_id)
        if row is None:
            raise bad_request("message to delete not found")
        if row["sender_id"] != chat.bot["id"] and chat.group and chat.group["bot_status"] != "administrator":
            raise bad_request("message can't be deleted")
        administrator = chat.group is not None and chat.group["bot_status"] == "administrator"
        if not administrator and self.now() - row["date"] > _DELETE_WITHIN_S:
            raise bad_request("message can't be deleted for everyone")
        self.shown(self.storage.messages.change(row, deleted=1), chat)

    def bot_reacts(self, chat: Chat, message_id: int, emoji: str) -> None:
        row = self.message(chat, message_id)
        if row is None:
            raise bad_request("message to react not found")
        others = {who: what for who, what in row["reactions"].items() if who != str(chat.bot["id"])}
        reactions = others | ({str(chat.bot["id"]): emoji} if emoji else {})
        self.shown(self.storage.messages.change(row, reactions=reactions), chat)

    def bot_acts(self, chat: Chat, action: str) -> None:
        """typing and the like: shown for 5 s, never stored."""
        data = {"bot_id": chat.bot["id"], "action": action}
        self.tell(chat, lambda _person: Change("action", data if chat.group is None else data | {"chat": chat.id}))

    # --- what both sides see
    def document(self, row: Row, chat: Chat) -> dict[str, Any]:
        """Message object of a stored message."""
        replied = None
        if row["reply_to"] is not None and (found := self.message(chat, row["reply_to"])):
            replied = shapes.message(found, self._sender(found, chat), chat.document())
        return shapes.message(row, self._sender(row, chat), chat.document(), replied)

    def shown(self, row: Row, chat: Chat) -> dict[str, Any]:
        """Tell the phones of a stored message; its Message object."""
        people = {person["id"]: person for person in self.storage.people()} if chat.group else {}
        self.tell(chat, lambda person: Change("message", phone_view(row, person, people), row["revision"]))
        return self.document(row, chat)

    def tell(self, chat: Chat, change: Callable[[int], Change]) -> None:
        """Hand a change, made for each person, to all whose phone shows the chat."""
        for person_id in self.watchers(chat):
            self.live.tell(person_id, change(person_id))

    def watchers(self, chat: Chat) -> Iterable[int]:
        """Ids of the people in the chat."""
        if chat.person is not None:
            return [chat.person["id"]]
        return [person["id"] for person in self.storage.groups.members(chat.id)]

    def _sender(self, row: Row, chat: Chat) -> dict[str, Any]:
        if row["sender_id"] == chat.bot["id"]:
            return shapes.bot_user(chat.bot)
        person = self.storage.person(row["sender_id"])
        assert person is not None
        return shapes.person_user(person)
