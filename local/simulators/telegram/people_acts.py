"""Acts of people in chats: each is stored, told to the phones, and queued as an update for the bot."""

import secrets
from typing import Any

from local.simulators.live import Change
from local.simulators.telegram import shapes
from local.simulators.telegram.chat import Chat
from local.simulators.telegram.chats import Chats
from local.simulators.telegram.outbox import Outbox
from local.simulators.telegram.storage import Row


class PeopleActs:
    """What a person does with a phone. The caller has checked that the person is in the chat."""

    def __init__(self, chats: Chats, outbox: Outbox) -> None:
        self._chats = chats
        self._storage = chats.storage
        self._outbox = outbox

    def says(self, chat: Chat, person: Row, content: Row, reply_to: int | None = None) -> Row:
        """A message: in a private chat it starts the chat and unblocks the bot, as Telegram does."""
        with self._storage.transaction():
            if chat.group is None:
                self._storage.start_chat(chat.bot["id"], person["id"])
                self.set_blocked(chat, person, blocked=False)
            row = self._storage.messages.add(
                chat.bot["id"], chat.id, content, sender_id=person["id"], date=self._chats.now(), reply_to=reply_to
            )
            self._outbox.queue(chat, "message", self._chats.document(row, chat))
        self._chats.shown(row, chat)
        return row

    def edits(self, chat: Chat, row: Row, changes: Row) -> Row:
        """`changes`: {text} or {caption}."""
        with self._storage.transaction():
            dropped = ("entities", "caption_entities")
            content = {name: value for name, value in row["content"].items() if name not in dropped} | changes
            changed = self._storage.messages.change(row, content=content, edit_date=self._chats.now())
            self._outbox.queue(chat, "edited_message", self._chats.document(changed, chat))
        self._chats.shown(changed, chat)
        return changed

    def deletes(self, chat: Chat, row: Row) -> Row:
        """Gone from every phone. The Bot API has no update for it: bots are not told."""
        changed = self._storage.messages.change(row, deleted=1)
        self._chats.shown(changed, chat)
        return changed

    def reacts(self, chat: Chat, person: Row, row: Row, emoji: str) -> Row:
        """MessageReactionUpdated; an empty `emoji` takes the reaction back."""
        old = row["reactions"].get(str(person["id"]), "")
        if old == emoji:
            return row
        others = {who: what for who, what in row["reactions"].items() if who != str(person["id"])}
        with self._storage.transaction():
            changed = self._storage.messages.change(
                row, reactions=others | ({str(person["id"]): emoji} if emoji else {})
            )
            update = {
                "chat": chat.document(),
                "message_id": row["message_id"],
                "user": shapes.person_user(person),
                "date": self._chats.now(),
                "old_reaction": _reaction(old),
                "new_reaction": _reaction(emoji),
            }
            self._outbox.queue(chat, "message_reaction", update)
        self._chats.shown(changed, chat)
        return changed

    def presses(self, chat: Chat, person: Row, row: Row, data: str) -> str:
        """A button of an inline keyboard: the id of the callback query."""
        query = str(secrets.randbits(62))
        with self._storage.transaction():
            self._storage.add_callback(query, chat.bot["id"], person["id"], self._chats.now())
            update = {
                "id": query,
                "from": shapes.person_user(person),
                "message": self._chats.document(row, chat),
                "chat_instance": str(hash((chat.bot["id"], chat.id)) & 0x7FFF_FFFF_FFFF_FFFF),
                "data": data,
            }
            self._outbox.queue(chat, "callback_query", update)
        return query

    def set_blocked(self, chat: Chat, person: Row, *, blocked: bool) -> None:
        found = self._storage.chat(chat.bot["id"], person["id"])
        if found is None or bool(found["blocked"]) == blocked:
            return
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        with self._storage.transaction():
            self._storage.set_blocked(chat.bot["id"], person["id"], blocked=blocked)
            update = shapes.membership_update(
                chat.document(), shapes.person_user(person), chat.bot, old=old, new=new, date=self._chats.now()
            )
            self._outbox.queue(chat, "my_chat_member", update)
        self._chats.live.tell(person["id"], Change("blocked", {"bot_id": chat.bot["id"], "blocked": blocked}))

    def forwarded(self, row: Row, sender: Row | None, bot: Row) -> Row:
        """Content of a message that is passed on; `sender` is the person who wrote it, None: the bot."""
        kept = {name: value for name, value in row["content"].items() if name not in ("reply_markup", "media_group_id")}
        if "forward_origin" in kept:
            return kept
        user = shapes.bot_user(bot) if sender is None else shapes.person_user(sender)
        return kept | {"forward_origin": {"type": "user", "sender_user": user, "date": row["date"]}}


def _reaction(emoji: str) -> list[dict[str, Any]]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []
