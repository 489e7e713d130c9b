"""A message as a phone shows it."""

from collections.abc import Mapping
from typing import Any

_SHOWN = ("kind", "mime", "name", "size", "width", "height", "duration", "title", "performer", "emoji")


def phone_view(row: Mapping[str, Any], person_id: int, people: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """As `person_id` sees it: times are Unix seconds, and a deleted message keeps only its place.

    {bot_id, chat, message_id, from: bot | me | other, sender?, date, revision, deleted, text | location | venue | contact |
    media {kind, url, mime, name, size, ...} | service, caption?, album?, edit_date?, reply_to_message_id?,
    forwarded_from?, reaction? (the bot's), reactions: [{from, name?, emoji}], buttons?: [[{text, data?, url?}]],
    answers?: [[text]]}
    """
    view: dict[str, Any] = {
        "bot_id": row["bot_id"],
        "chat": row["chat_id"] if row["chat_id"] < 0 else row["bot_id"],
        "message_id": row["message_id"],
        "from": _side(row["sender_id"], row["bot_id"], person_id),
        "date": row["date"],
        "revision": row["revision"],
        "deleted": bool(row["deleted"]),
    }
    if view["from"] == "other":
        view["sender"] = _name(people, row["sender_id"])
    if row["deleted"]:
        return view
    optional: dict[str, Any] = {
        "edit_date": row["edit_date"],
        "reply_to_message_id": row["reply_to"],
        "reaction": row["reactions"].get(str(row["bot_id"])),
        "reactions": [
            {"from": _side(int(who), row["bot_id"], person_id), "name": _name(people, int(who)), "emoji": emoji}
            for who, emoji in row["reactions"].items()
        ],
    }
    return view | _content(row["content"]) | {name: value for name, value in optional.items() if value}


def _side(sender_id: int, bot_id: int, person_id: int) -> str:
    return "bot" if sender_id == bot_id else "me" if sender_id == person_id else "other"


def _name(people: Mapping[int, Mapping[str, Any]], person_id: int) -> str:
    person = people.get(person_id)
    return " ".join(filter(None, (person["first_name"], person["last_name"]))) if person else ""


def _content(content: Mapping[str, Any]) -> dict[str, Any]:
    """What `message` says, without what only bots need."""
    view = {name: content[name] for name in ("text", "caption", "location", "venue", "contact") if name in content}
    if media := content.get("media"):
        view["media"] = {name: media[name] for name in _SHOWN if name in media}
        view["media"]["url"] = f"/phones/api/files/{media['file']}"
    if "media_group_id" in content:
        view["album"] = content["media_group_id"]
    if origin := content.get("forward_origin"):
        view["forwarded_from"] = origin.get("sender_user", {}).get("first_name") or origin.get("sender_user_name", "")
    if service := content.get("service"):
        view["service"] = _service(service)
    markup = content.get("reply_markup", {})
    if "inline_keyboard" in markup:
        view["buttons"] = [
            [{"text": one["text"], "data": one.get("callback_data"), "url": one.get("url")} for one in line]
            for line in markup["inline_keyboard"]
        ]
    if "keyboard" in markup:
        view["answers"] = [
            [one if isinstance(one, str) else one["text"] for one in line] for line in markup["keyboard"]
        ]
    return view


def _service(service: Mapping[str, Any]) -> str:
    """In words."""
    names = ", ".join(user["first_name"] for user in service.get("new_chat_members", ()))
    words = {
        "group_chat_created": "Group created",
        "supergroup_chat_created": "Group created",
        "new_chat_members": f"{names} joined",
        "left_chat_member": f"{service.get('left_chat_member', {}).get('first_name', '')} left",
        "new_chat_title": f"Group renamed to “{service.get('new_chat_title', '')}”",
        "migrate_to_chat_id": "Group was upgraded to a supergroup",
        "migrate_from_chat_id": "Group was upgraded to a supergroup",
        "pinned_message": "A message was pinned",
    }
    return next((words[name] for name in service if name in words), "Something happened in this group")
