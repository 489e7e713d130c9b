"""Chats between people and accounts: what each side does, stored, shown on the phone and told to webhooks.

What differs by channel is how it is put into words (`whatsapp_events`, `messaging_events`) and told of arrival: WhatsApp by a
status for each message, Messenger by watermarks, Instagram by reads only.
"""

import time
from types import ModuleType
from typing import Any

from local.simulators.graph import messaging_events, whatsapp_events
from local.simulators.graph.accounts import new_message_id
from local.simulators.graph.errors import status_error
from local.simulators.graph.media import Media
from local.simulators.graph.phone_view import phone_view
from local.simulators.graph.scene import Event, Scene
from local.simulators.graph.storage import Storage
from local.simulators.graph.webhooks import Deliverer
from local.simulators.live import Change, Live
from local.simulators.settings import Settings
from local.simulators.sqlite_file import Row

_RISES = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 5}


class Chats:
    """The acts of both sides."""

    def __init__(self, storage: Storage, live: Live, settings: Settings, deliverer: Deliverer, media: Media) -> None:
        self.storage = storage
        self.live = live
        self.settings = settings
        self.media = media
        self._deliverer = deliverer

    def scene(self, account: Row, person: Row) -> Scene:
        def link(media: Row) -> str:
            return self.media.cdn_link(self.origin, media)

        return Scene(account, person, link, self.storage.message)

    @property
    def origin(self) -> str:
        """Where this simulator was last asked at: links in webhooks begin with it."""
        return str(self.storage.setting("origin", "http://127.0.0.1:8080"))

    def seen_at(self, origin: str) -> None:
        if origin != self.origin:
            self.storage.set_setting("origin", origin)

    # --- acts of accounts
    def window_open(self, account: Row, person_id: str, seconds: str = "window_s") -> bool:
        """Whether the person has written within the window (`window_s`, `human_agent_s`)."""
        chat = self.storage.chat(account["id"], person_id)
        inbound_at = chat and chat["inbound_at"]
        return bool(inbound_at) and now_ms() - int(inbound_at or 0) < self.settings.number(seconds) * 1000

    def blocked(self, account: Row, person_id: str) -> bool:
        chat = self.storage.chat(account["id"], person_id)
        return bool(chat and chat["blocked"])

    def account_says(
        self, account: Row, person: Row, document: Row, *, fate: int | None = None, details: str = ""
    ) -> Row:
        """Store and show a message of the account. `fate`: the code with which WhatsApp fails it (then nobody sees it)."""
        with self.storage.transaction():
            message_id = new_message_id(account["channel"])
            kept = {"from": "account", "status": "accepted", "reactions": {}, "deleted": False} | document
            row = self.storage.add_message(message_id, account["id"], person["id"], now_ms(), kept)
            if fate is not None:
                errors = [status_error(fate, details)]
                row = self._rise(account, person, row, "failed", errors)
            else:
                row = self._rise(account, person, row, "sent")
                if account["channel"] != "whatsapp":
                    self._deliverer.tell(account, messaging_events.echo_event(self.scene(account, person), row))
        self._show(row)
        if fate is None:
            self.arrive(account, person)
        return self.storage.message(message_id) or row

    def account_reacts(self, row: Row, emoji: str) -> None:
        self._show(self.storage.change_message(row, reactions=_with(row["reactions"], "account", emoji)))

    def account_reads(self, row: Row) -> None:
        """All messages of the person up to `row` are shown as read."""
        with self.storage.transaction():
            for one in self.storage.messages_having(row["account_id"], row["person_id"], "me", ("sent",)):
                if one["number"] <= row["number"]:
                    self._show(self.storage.change_message(one, status="read"))

    def account_types(self, account: Row, person_id: str, *, on: bool) -> None:
        self.live.tell(person_id, Change("typing", {"account_id": account["id"], "on": on}))

    def account_echoes(self, account: Row, person: Row, text: str) -> Row:
        """Somebody writes in the business's own app; webhooks hear of it as an echo."""
        document = {"type": "text", "text": text, "to": person["id"]}
        if account["channel"] != "whatsapp":
            return self.account_says(account, person, document)
        with self.storage.transaction():
            kept = {"from": "account", "status": "sent", "reactions": {}, "deleted": False} | document
            row = self.storage.add_message(new_message_id("whatsapp"), account["id"], person["id"], now_ms(), kept)
            self._deliverer.tell(account, whatsapp_events.echo_event(self.scene(account, person), row))
        return self._show(row)

    # --- arrival
    def arrive(self, account: Row, person: Row) -> None:
        """What was sent reaches the phone, where it is online and receipts are on; people may read at once."""
        if not person.get("online") or not self.settings.flag("receipts") or self.blocked(account, person["id"]):
            return
        with self.storage.transaction():
            waiting = self._of_account(account, person, "sent")
            arrived = [self._show(self._rise(account, person, row, "delivered")) for row in waiting]
            for event in messaging_events.delivery_events(self.scene(account, person), arrived, now_ms()):
                self._deliverer.tell(account, event)
        if self.settings.flag("auto_read"):
            self.person_reads(account, person, None)

    def person_reads(self, account: Row, person: Row, up_to: Row | None) -> int:
        """All messages of the account, or those up to one, are read; answers how many that were not before."""
        with self.storage.transaction():
            last = up_to["number"] if up_to else None
            unread = self._of_account(account, person, "sent", "delivered")
            unread = [row for row in unread if last is None or row["number"] <= last]
            read = [self._show(self._rise(account, person, row, "read")) for row in unread]
            for event in _words(account).read_events(self.scene(account, person), read, now_ms()):
                self._deliverer.tell(account, event)
        return len(read)

    def person_plays(self, account: Row, person: Row, row: Row) -> Row:
        with self.storage.transaction():
            return self._show(self._rise(account, person, row, "played"))

    # --- acts of people
    def person_says(self, account: Row, person: Row, document: Row) -> Row:
        """A message from the phone: starts the chat, opens the window, unblocks the account."""
        with self.storage.transaction():
            self.set_blocked(account, person, blocked=False)
            at = now_ms()
            kept = {"from": "me", "status": "sent", "reactions": {}, "deleted": False} | document
            row = self.storage.add_message(new_message_id(account["channel"]), account["id"], person["id"], at, kept)
            self.storage.change_chat(account["id"], person["id"], inbound_at=at)
            self._tell(account, person, "message_event", row)
        return self._show(row)

    def person_edits(self, account: Row, person: Row, row: Row, text: str) -> Row:
        part = "text" if "text" in row else "caption"
        with self.storage.transaction():
            changed = self.storage.change_message(
                row, **{part: text}, edited_at=now_ms(), num_edit=row.get("num_edit", 0) + 1
            )
            self._tell(account, person, "edit_event", changed, new_message_id(account["channel"]), now_ms())
        return self._show(changed)

    def person_unsends(self, account: Row, person: Row, row: Row) -> Row:
        with self.storage.transaction():
            changed = self.storage.change_message(row, deleted=True)
            self._tell(account, person, "unsend_event", changed, new_message_id(account["channel"]), now_ms())
        return self._show(changed)

    def person_reacts(self, account: Row, person: Row, row: Row, emoji: str) -> Row:
        """An empty emoji takes the reaction back."""
        with self.storage.transaction():
            self.storage.change_chat(account["id"], person["id"], inbound_at=now_ms())
            self._tell(account, person, "reaction_event", row, emoji, new_message_id(account["channel"]), now_ms())
            changed = self.storage.change_message(row, reactions=_with(row["reactions"], "me", emoji))
        return self._show(changed)

    def set_blocked(self, account: Row, person: Row, *, blocked: bool) -> None:
        if self.blocked(account, person["id"]) == blocked:
            return
        self.storage.change_chat(account["id"], person["id"], blocked=int(blocked))
        self.live.tell(person["id"], Change("blocked", {"account_id": account["id"], "blocked": blocked}))
        if not blocked:
            self.arrive(account, person)

    def number_changes(self, person: Row, new: str) -> Row:
        """A WhatsApp person takes another number; the accounts of their chats are told."""
        old = person["phone_number"]
        with self.storage.transaction():
            saved = self.storage.save_person(person | {"phone_number": new})
            for chat in self.storage.chats(person["id"]):
                account = self.storage.account(chat["account_id"])
                if account is not None and old:
                    event_id = new_message_id("whatsapp")
                    event = whatsapp_events.number_change_event(
                        self.scene(account, saved), old, new, event_id, now_ms()
                    )
                    self._deliverer.tell(account, event)
        return saved

    # --- both
    def _of_account(self, account: Row, person: Row, *statuses: str) -> list[Row]:
        """A reaction of WhatsApp has a status sent and no other (.../cloud-api/messages/reaction-messages)."""
        found = self.storage.messages_having(account["id"], person["id"], "account", statuses)
        return [row for row in found if row["type"] != "reaction"]

    def _rise(self, account: Row, person: Row, row: Row, status: str, errors: list[Row] | None = None) -> Row:
        if _RISES[status] <= _RISES[row["status"]]:
            return row
        changed = self.storage.change_message(row, status=status, **({"error": errors[0]} if errors else {}))
        if account["channel"] == "whatsapp":
            event = whatsapp_events.status_event(self.scene(account, person), changed, status, now_ms(), errors)
            self._deliverer.tell(account, event)
        return changed

    def _tell(self, account: Row, person: Row, act: str, row: Row, *more: Any) -> None:
        event: Event | None = getattr(_words(account), act)(self.scene(account, person), row, *more)
        self._deliverer.tell(account, event)

    def _show(self, row: Row) -> Row:
        view = phone_view(row, self.origin)
        self.live.tell(row["person_id"], Change("message", view, row["revision"]))
        return row


def _words(account: Row) -> ModuleType:
    return whatsapp_events if account["channel"] == "whatsapp" else messaging_events


def _with(reactions: dict[str, str], who: str, emoji: str) -> dict[str, str]:
    others = {name: value for name, value in reactions.items() if name != who}
    return others | ({who: emoji} if emoji else {})


def now_ms() -> int:
    """Milliseconds since 1970."""
    return int(time.time() * 1000)
