"""Which updates a bot gets: those it asked for, and in groups those its privacy mode lets through."""

import re
from collections.abc import Callable
from typing import Any

from local.simulators.telegram.chat import Chat
from local.simulators.telegram.storage import Storage

ON_REQUEST = ("chat_member", "message_reaction", "message_reaction_count")
"""Kinds that a bot gets only where it names them (setWebhook, allowed_updates)."""


class Outbox:
    """Queues updates; `wake` is called with the id of a bot for which some wait."""

    def __init__(self, storage: Storage, wake: Callable[[int], None]) -> None:
        self._storage = storage
        self._wake = wake

    def queue(self, chat: Chat, kind: str, document: dict[str, Any]) -> None:
        bot = self._storage.bot(chat.bot["id"]) or chat.bot
        allowed = bot["allowed_updates"]
        if not (kind in allowed if allowed else kind not in ON_REQUEST):
            return
        if chat.group is not None and not _let_through(chat, kind, document, privacy=bool(bot["privacy"])):
            return
        self._storage.add_update(bot["id"], kind, document)
        self._wake(bot["id"])


def _let_through(chat: Chat, kind: str, document: dict[str, Any], *, privacy: bool) -> bool:
    """core.telegram.org/bots/features#privacy-mode, and message_reaction for administrators only."""
    assert chat.group is not None
    administrator = bool(chat.group["bot_status"] == "administrator")
    if kind == "my_chat_member":
        return True
    if chat.group["bot_status"] in ("left", "kicked"):
        return False
    if kind == "message_reaction":
        return administrator
    if kind not in ("message", "edited_message") or administrator or not privacy:
        return True
    text = document.get("text", document.get("caption"))
    if text is None and "reply_to_message" not in document:
        return not any(name in document for name in _ORDINARY)
    replied = document.get("reply_to_message", {}).get("from", {}).get("id")
    if replied == chat.bot["id"]:
        return True
    own = str(chat.bot["username"]).lower()
    command = re.match(r"/\w+(?:@(\w+))?", text or "")
    if command is not None:
        return command[1] is None or str(command[1]).lower() == own
    return f"@{own}" in str(text or "").lower()


_ORDINARY = (
    *("photo", "video", "audio", "voice", "document", "animation", "sticker", "video_note"),
    *("location", "venue", "contact"),
)
