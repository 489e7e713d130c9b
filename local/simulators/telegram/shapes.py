"""The JSON objects of the Bot API, made of what is stored (core.telegram.org/bots/api, "Available types")."""

import re
from collections.abc import Mapping
from typing import Any

from local.simulators.telegram.media import media_object

_ENTITIES = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?)"
    r"|(?P<url>https?://[^\s<>\"]+)"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]+)"
    r"|(?P<mention>(?<![\w@])@\w{3,32})"
    r"|(?P<hashtag>(?<![\w#])#\w+)"
)


def utf16_length(text: str) -> int:
    """Length as the Bot API counts: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def entities(text: str) -> list[dict[str, Any]]:
    """What Telegram itself finds in plain text: commands, links, addresses, mentions, hashtags."""
    return [
        {
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found.group()),
            "type": str(found.lastgroup),
        }
        for found in _ENTITIES.finditer(text)
    ]


def bot_user(bot: Mapping[str, Any]) -> dict[str, Any]:
    """User object of a bot."""
    return {"id": bot["id"], "is_bot": True, "first_name": bot["name"], "username": bot["username"]}


def me(bot: Mapping[str, Any]) -> dict[str, Any]:
    """Answer of getMe."""
    return bot_user(bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not bot["privacy"],
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def person_user(person: Mapping[str, Any]) -> dict[str, Any]:
    """User object of a person."""
    return {"id": person["id"], "is_bot": False, **_names(person), "language_code": person["language_code"]}


def private_chat(person: Mapping[str, Any]) -> dict[str, Any]:
    """Chat object of a private chat: its id is that of the person."""
    return {"id": person["id"], **_names(person), "type": "private"}


def group_chat(group: Mapping[str, Any]) -> dict[str, Any]:
    """Chat object of a group or supergroup."""
    return {"id": group["id"], "title": group["title"], "type": group["type"]}


def _names(person: Mapping[str, Any]) -> dict[str, Any]:
    return {name: person[name] for name in ("first_name", "last_name", "username") if person[name]}


def message(
    row: Mapping[str, Any], sender: Mapping[str, Any], chat: Mapping[str, Any], replied: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Message object of a stored message.

    Args:
        sender: its User object.
        chat: its Chat object.
        replied: the Message object that it answers (whose own reply is left out, as Telegram does).
    """
    document: dict[str, Any] = {
        "message_id": row["message_id"],
        "from": dict(sender),
        "chat": dict(chat),
        "date": row["date"],
    }
    if row["edit_date"]:
        document["edit_date"] = row["edit_date"]
    if replied is not None:
        document["reply_to_message"] = replied
    return document | content_fields(row["content"], row["bot_id"])


def content_fields(content: Mapping[str, Any], bot_id: int) -> dict[str, Any]:
    """Fields of the Message object that stored content becomes."""
    document: dict[str, Any] = dict(content)
    if media := document.pop("media", None):
        document |= media_object(media, bot_id)
    if service := document.pop("service", None):
        document |= service
    if (
        "venue" in document
    ):  # "For backward compatibility, when this field is set, the location field will also be set."
        document["location"] = document["venue"]["location"]
    if "keyboard" in document.get("reply_markup", {}):
        del document["reply_markup"]  # Only inline keyboards belong to a message.
    for text, field in (("text", "entities"), ("caption", "caption_entities")):
        if field not in document and (found := entities(document.get(text, ""))):
            document[field] = found
    return document


def membership(user: Mapping[str, Any], status: str) -> dict[str, Any]:
    """ChatMember object, as far as hubs look at it."""
    member: dict[str, Any] = {"user": dict(user), "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        rights = (
            "manage_chat delete_messages manage_video_chats restrict_members promote_members change_info invite_users"
        )
        member |= {f"can_{right}": True for right in rights.split(" ")}
        member |= {"can_be_edited": False, "is_anonymous": False}
        member |= {f"can_{right}_stories": False for right in ("post", "edit", "delete")}
    return member


def membership_update(
    chat: Mapping[str, Any], by: Mapping[str, Any], bot: Mapping[str, Any], *, old: str, new: str, date: int
) -> dict[str, Any]:
    """ChatMemberUpdated of the bot itself: blocked, let in, made an administrator, removed."""
    return {
        "chat": dict(chat),
        "from": dict(by),
        "date": date,
        "old_chat_member": membership(bot_user(bot), old),
        "new_chat_member": membership(bot_user(bot), new),
    }
