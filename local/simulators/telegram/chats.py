"""Private chats between people and bots: the acts of both sides, each stored, told to the phones, and queued as updates."""

from collections.abc import Callable
from typing import Any

from local.simulators.live import Change, Live
from local.simulators.telegram import shapes
from local.simulators.telegram.errors import BotApiError, bad_request
from local.simulators.telegram.storage import Row, Storage

# Kinds that a bot gets only where it asks for them (setWebhook, allowed_updates).
_ON_REQUEST = ("chat_member", "message_reaction", "message_reaction_count")


class Chats:
    """Acts of bots and of people. `wake` is called with a bot's id when updates wait for it; `now` gives Unix seconds."""

    def __init__(self, storage: Storage, live: Live, wake: Callable[[int], None], now: Callable[[], int]) -> None:
        self.storage = storage
        self._live = live
        self._wake = wake
        self._now = now

    # --- acts of bots
    def reachable(self, bot: Row, person_id: int) -> Row:
        """The person behind a chat id, where the bot may write there; raises BotApiError as Telegram does.

        A bot knows only those who have written to it first.
        """
        person = self.storage.person(person_id)
        chat = self.storage.chat(bot["id"], person_id)
        if person is None or chat is None:
            raise bad_request("chat not found")
        if chat["blocked"]:
            raise BotApiError(403, "Forbidden: bot was blocked by the user")
        return person

    def bot_says(self, bot: Row, person: Row, content: Row, reply_to: int | None) -> dict[str, Any]:
        """The Message object."""
        row = self.storage.add_message(
            bot["id"], person["id"], content, from_bot=True, date=self._now(), reply_to=reply_to
        )
        return self._shown(row, bot, person)

    def bot_edits(self, bot: Row, person: Row, message_id: int, text: str) -> dict[str, Any]:
        row = self.storage.message(bot["id"], person["id"], message_id)
        if row is None:
            raise bad_request("message to edit not found")
        if not row["from_bot"] or "text" not in row["content"]:
            raise bad_request("message can't be edited")
        if row["content"]["text"] == text:
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same as"
                " a current content and reply markup of the message"
            )
        changed = self.storage.change_message(row, content={"text": text}, edit_date=self._now())
        return self._shown(changed, bot, person)

    def bot_deletes(self, bot: Row, person: Row, message_id: int) -> None:
        row = self.storage.message(bot["id"], person["id"], message_id)
        if row is None:
            raise bad_request("message to delete not found")
        self._shown(self.storage.change_message(row, deleted=1), bot, person)

    def bot_reacts(self, bot: Row, person: Row, message_id: int, emoji: str) -> None:
        row = self.storage.message(bot["id"], person["id"], message_id)
        if row is None:
            raise bad_request("message to react not found")
        self._shown(self.storage.change_message(row, reaction=emoji), bot, person)

    def bot_acts(self, bot: Row, person: Row, action: str) -> None:
        """typing and the like: shown for 5 s, never stored."""
        self._live.tell(person["id"], Change("action", {"bot_id": bot["id"], "action": action}))

    # --- acts of people
    def person_says(self, bot: Row, person: Row, content: Row, reply_to: int | None) -> Row:
        """A message from the phone: starts the chat, unblocks the bot as Telegram does, and queues an update."""
        with self.storage.transaction():
            self.storage.start_chat(bot["id"], person["id"])
            self.set_blocked(bot, person, blocked=False)
            row = self.storage.add_message(
                bot["id"], person["id"], content, from_bot=False, date=self._now(), reply_to=reply_to
            )
            self._queue(bot, "message", self._message(row, bot, person))
        self._shown(row, bot, person)
        return row

    def person_edits(self, bot: Row, person: Row, row: Row, text: str) -> Row:
        with self.storage.transaction():
            changed = self.storage.change_message(row, content={"text": text}, edit_date=self._now())
            self._queue(bot, "edited_message", self._message(changed, bot, person))
        self._shown(changed, bot, person)
        return changed

    def set_blocked(self, bot: Row, person: Row, *, blocked: bool) -> None:
        chat = self.storage.chat(bot["id"], person["id"])
        if chat is None or bool(chat["blocked"]) == blocked:
            return
        with self.storage.transaction():
            self.storage.set_blocked(bot["id"], person["id"], blocked=blocked)
            update = shapes.membership_update(bot, person, blocked=blocked, date=self._now())
            self._queue(bot, "my_chat_member", update)
        self._live.tell(person["id"], Change("blocked", {"bot_id": bot["id"], "blocked": blocked}))

    # --- both
    def _message(self, row: Row, bot: Row, person: Row) -> dict[str, Any]:
        replied = None
        if row["reply_to"] is not None:
            replied = self.storage.message(bot["id"], person["id"], row["reply_to"])
        return shapes.message(row, bot, person, replied)

    def _shown(self, row: Row, bot: Row, person: Row) -> dict[str, Any]:
        self._live.tell(person["id"], Change("message", phone_view(row), row["revision"]))
        return self._message(row, bot, person)

    def _queue(self, bot: Row, kind: str, document: dict[str, Any]) -> None:
        allowed = bot["allowed_updates"]
        if kind in allowed if allowed else kind not in _ON_REQUEST:
            self.storage.add_update(bot["id"], kind, document)
            self._wake(bot["id"])


def phone_view(row: Row) -> dict[str, Any]:
    """A message as the phone shows it: times are Unix seconds, and a deleted message keeps only its place."""
    view: dict[str, Any] = {
        "bot_id": row["bot_id"],
        "message_id": row["message_id"],
        "from": "bot" if row["from_bot"] else "me",
        "date": row["date"],
        "revision": row["revision"],
        "deleted": bool(row["deleted"]),
    }
    if row["deleted"]:
        return view
    optional: dict[str, Any] = {
        "edit_date": row["edit_date"],
        "reply_to_message_id": row["reply_to"],
        "reaction": row["reaction"],
    }
    content: dict[str, Any] = row["content"]
    return view | content | {name: value for name, value in optional.items() if value}
