"""What happens to groups: made, joined, left, renamed, upgraded; bots are told by service messages and my_chat_member."""

from typing import Any

from local.simulators.telegram import shapes
from local.simulators.telegram.chat import Chat
from local.simulators.telegram.chats import Chats
from local.simulators.telegram.outbox import Outbox
from local.simulators.telegram.storage import Row


class GroupActs:
    """Acts of the person who has the group's phone in hand."""

    def __init__(self, chats: Chats, outbox: Outbox) -> None:
        self._chats = chats
        self.storage = chats.storage
        self._outbox = outbox

    def create(self, bot: Row, person: Row, kind: str, title: str, others: list[Row], *, administrator: bool) -> Chat:
        """A group with the bot in it from the beginning."""
        status = "administrator" if administrator else "member"
        with self.storage.transaction():
            ids = [person["id"], *(other["id"] for other in others)]
            chat = Chat(bot, group=self.storage.groups.add(bot["id"], kind, title, status, ids))
            self._membership(chat, person, "left", status)
            if kind == "group":
                self.service(chat, person, {"group_chat_created": True})
            else:
                self.service(chat, person, {"new_chat_members": [shapes.bot_user(bot)]})
        return chat

    def add(self, chat: Chat, person: Row, added: Row) -> None:
        self.storage.groups.add_member(chat.id, added["id"])
        self.service(chat, person, {"new_chat_members": [shapes.person_user(added)]})

    def remove(self, chat: Chat, person: Row, removed: Row) -> None:
        """By themselves, or by another."""
        self.service(chat, person, {"left_chat_member": shapes.person_user(removed)})
        self.storage.groups.remove_member(chat.id, removed["id"])

    def rename(self, chat: Chat, person: Row, title: str) -> Chat:
        self.storage.groups.set_title(chat.id, title)
        renamed = self._again(chat)
        self.service(renamed, person, {"new_chat_title": title})
        return renamed

    def set_bot(self, chat: Chat, person: Row, status: str) -> Chat:
        """member, administrator or kicked: my_chat_member, and a service message where it comes or goes."""
        assert chat.group is not None
        old = chat.group["bot_status"]
        if old == status:
            return chat
        bot = shapes.bot_user(chat.bot)
        with self.storage.transaction():
            if status == "kicked":
                self.service(chat, person, {"left_chat_member": bot})
            self._membership(chat, person, old, status)
            self.storage.groups.set_bot_status(chat.id, status)
            changed = self._again(chat)
            if old in ("left", "kicked"):
                self.service(changed, person, {"new_chat_members": [bot]})
        return changed

    def leave(self, chat: Chat) -> None:
        """The bot goes by itself (leaveChat)."""
        self.service(chat, None, {"left_chat_member": shapes.bot_user(chat.bot)})
        self.storage.groups.set_bot_status(chat.id, "left")

    def upgrade(self, chat: Chat, person: Row) -> Chat:
        """The group becomes a supergroup, with another id; its messages stay behind."""
        assert chat.group is not None
        with self.storage.transaction():
            ids = [member["id"] for member in self.storage.groups.members(chat.id)]
            group = self.storage.groups.add(
                chat.bot["id"], "supergroup", chat.group["title"], chat.group["bot_status"], ids
            )
            supergroup = Chat(chat.bot, group=group)
            self.service(chat, person, {"migrate_to_chat_id": group["id"]})
            self.storage.groups.set_migrated(chat.id, group["id"])
            self.service(supergroup, person, {"migrate_from_chat_id": chat.id})
        return supergroup

    def pin(self, chat: Chat, person: Row, row: Row) -> None:
        self.service(chat, person, {"pinned_message": self._chats.document(row, chat)})

    def service(self, chat: Chat, person: Row | None, service: dict[str, Any]) -> None:
        """A service message of `person`, or of the bot: stored, shown, and told to the bot."""
        with self.storage.transaction():
            row = self.storage.messages.add(
                chat.bot["id"],
                chat.id,
                {"service": service},
                sender_id=chat.bot["id"] if person is None else person["id"],
                date=self._chats.now(),
            )
            if person is not None:
                self._outbox.queue(chat, "message", self._chats.document(row, chat))
        self._chats.shown(row, chat)

    def _membership(self, chat: Chat, person: Row, old: str, new: str) -> None:
        update = shapes.membership_update(
            chat.document(), shapes.person_user(person), chat.bot, old=old, new=new, date=self._chats.now()
        )
        self._outbox.queue(chat, "my_chat_member", update)

    def _again(self, chat: Chat) -> Chat:
        return Chat(chat.bot, group=self.storage.groups.get(chat.id))
