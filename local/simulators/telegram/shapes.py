"""The JSON objects of the Bot API, made of what is stored (core.telegram.org/bots/api, "Available types")."""

import re
from collections.abc import Mapping
from typing import Any

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
        "can_read_all_group_messages": False,
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


def _names(person: Mapping[str, Any]) -> dict[str, Any]:
    return {name: person[name] for name in ("first_name", "last_name", "username") if person[name]}


def message(
    row: Mapping[str, Any],
    bot: Mapping[str, Any],
    person: Mapping[str, Any],
    replied: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Message object; `replied` is the row of the message it answers (whose own reply is left out, as Telegram does)."""
    document: dict[str, Any] = {
        "message_id": row["message_id"],
        "from": bot_user(bot) if row["from_bot"] else person_user(person),
        "chat": private_chat(person),
        "date": row["date"],
    }
    if row["edit_date"]:
        document["edit_date"] = row["edit_date"]
    if replied is not None:
        document["reply_to_message"] = message(replied, bot, person)
    document |= row["content"]
    if found := entities(document.get("text", "")):
        document["entities"] = found
    return document


def membership_update(bot: Mapping[str, Any], person: Mapping[str, Any], *, blocked: bool, date: int) -> dict[str, Any]:
    """ChatMemberUpdated of a private chat: the person has blocked or unblocked the bot."""
    member = {"user": bot_user(bot), "status": "member"}
    kicked = {"user": bot_user(bot), "status": "kicked", "until_date": 0}
    return {
        "chat": private_chat(person),
        "from": person_user(person),
        "date": date,
        "old_chat_member": member if blocked else kicked,
        "new_chat_member": kicked if blocked else member,
    }
