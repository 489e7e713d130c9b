"""Updates in our words (core.telegram.org/bots/api#update). Pure: the same update is always read the same way."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chat4all.channels.inbound import (
    AddressChanged,
    Contact,
    Happening,
    Inbound,
    InboundEdit,
    InboundReactions,
    Item,
    Unknown,
)
from chat4all.channels.telegram.media import media_of
from chat4all.channels.telegram.origin import name_of, origin_of
from chat4all.channels.telegram.reactions import as_unicode
from chat4all.channels.telegram.values import count_of, id_of, text_of

Document = Mapping[str, Any]
NAME_MAX = 256
"""Characters: Telegram's first and last names have at most 64 each."""
_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_QUERY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNREADABLE = (KeyError, TypeError, AttributeError, ValueError, OverflowError, IndexError)


def items(document: Any) -> Sequence[Item]:
    """What one update tells; nothing where it is no update (an object with an `update_id`)."""
    try:
        name = id_of(document["update_id"])
    except _UNREADABLE:
        return ()
    try:
        return _items(document, name)
    except _UNREADABLE:
        return (Item(Unknown("unreadable"), document, name),)


def _items(update: Document, name: str) -> Sequence[Item]:
    kind = next((field for field in update if field != "update_id"), None)
    if kind is None:
        return (Item(Unknown("empty"), update, name),)
    read = _READERS.get(kind)
    if read is None:
        return (Item(Unknown(_word(kind)), update, name),)
    body = update[kind]
    happening = read(body)
    if isinstance(happening, InboundEdit | InboundReactions):
        happening = replace(happening, order=int(name) % 10**12)  # times are in seconds, and update_id grows (Update)
    if kind == "callback_query":
        return (Item(happening, update, name, answer=_stop_waiting(body)),)
    if kind == "message_reaction" and _has_custom(body["new_reaction"]):
        # The emoji are taken; what has no Unicode is kept beside them.
        return (Item(happening, update, name), Item(Unknown("custom_reaction"), update, f"{name}-custom"))
    return (Item(happening, update, name),)


# --- messages


def _message(message: Document) -> Happening:
    if message["chat"]["type"] == "channel":
        return Unknown("channel_message")
    if "migrate_to_chat_id" in message:
        return AddressChanged(id_of(message["chat"]["id"]), id_of(message["migrate_to_chat_id"]))
    if "migrate_from_chat_id" in message:
        return AddressChanged(id_of(message["migrate_from_chat_id"]), id_of(message["chat"]["id"]))
    sender = _sender(message)
    media = media_of(message)
    content = ("file", _caption(message)) if media else _content(message)
    if content is None:
        return Unknown(_kind(message))
    return Inbound(
        external_id=id_of(message["message_id"]),
        contact=sender,
        type=content[0],
        content=content[1],
        reply_to=_replied(message),
        media=media,
        origin=_origin(message),
        chat=_chat(message["chat"]),
        chat_name=_chat_name(message["chat"]),
    )


def _edited(message: Document) -> Happening:
    """A text or a caption as it is now. A file that was replaced by another is not told apart from one that stayed."""
    if isinstance(message.get("text"), str):
        content = message["text"]
    elif media_of(message) is not None:
        content = _caption(message)
    else:
        return Unknown(f"edited_{_kind(message)}")  # such as a live location that moves
    edited_ms = count_of(message["edit_date"]) * 1000
    return InboundEdit(id_of(message["message_id"]), _sender(message), content, _chat(message["chat"]), edited_ms)


def _content(message: Document) -> tuple[str, Any] | None:
    """Our type and content; None where it is of a kind we do not know."""
    if isinstance(message.get("text"), str):
        return "text", message["text"]
    if "venue" in message:  # A venue carries a location as well, for older clients.
        venue = message["venue"]
        place = _location(venue["location"])
        return "location", place | {"name": venue["title"][:256], "address": venue["address"][:512]}
    if "location" in message:
        return "location", _location(message["location"])
    if "contact" in message:
        return "contact", _contact(message["contact"])
    if "dice" in message:
        return "text", f"{text_of(message['dice']['emoji'])} {count_of(message['dice']['value'])}"
    return None


def _caption(message: Document) -> str:
    caption = message.get("caption", "")
    if not isinstance(caption, str):
        raise TypeError("a caption is a text")
    return caption


def _location(location: Document) -> dict[str, Any]:
    return {"latitude": float(location["latitude"]), "longitude": float(location["longitude"])}


def _contact(contact: Document) -> dict[str, Any]:
    card = {"name": name_of(contact)[:NAME_MAX], "phone": contact["phone_number"]}
    return card | ({"user_id": id_of(contact["user_id"])} if "user_id" in contact else {})


def _origin(message: Document) -> dict[str, Any] | None:
    live = message.get("location", {}).get("live_period")
    said = (origin_of(message) or {}) | ({"live_period": count_of(live)} if live else {})
    return said or None


def _replied(message: Document) -> str | None:
    """In a topic each message "answers" the service message that began it: that is no answer."""
    reply = message.get("reply_to_message")
    if not reply or "forum_topic_created" in reply:
        return None
    return id_of(reply["message_id"])


# --- other updates


def _reacted(reaction: Document) -> Happening:
    """All reactions as they are now. Of a group, `actor_chat` is who reacts as a chat."""
    emojis = [as_unicode(text_of(given["emoji"])) for given in reaction["new_reaction"] if given["type"] == "emoji"]
    emojis += ["⭐" for given in reaction["new_reaction"] if given["type"] == "paid"]
    who = _who(reaction.get("user") or reaction["actor_chat"])
    time_ms, chat = count_of(reaction["date"]) * 1000, _chat(reaction["chat"])
    return InboundReactions(id_of(reaction["message_id"]), who, tuple(emojis), chat, time_ms)


def _has_custom(reactions: Any) -> bool:
    return any(given["type"] not in ("emoji", "paid") for given in reactions)


def _pressed(query: Document) -> Happening:
    """A button below a message of ours, as a text that says what stands on it; its id is no message's."""
    message, data = query.get("message") or {}, query.get("data")
    if not isinstance(data, str):
        return Unknown("callback_query")  # of a game
    return Inbound(
        external_id=f"callback_query-{_query_id(query)}",
        contact=_who(query["from"]),
        type="text",
        content=_label(message, data) or data,
        reply_to=id_of(message["message_id"]) if message else None,
        origin={"button": {"payload": text_of(data)}},
        chat=_chat(message["chat"]) if message else None,
        chat_name=_chat_name(message["chat"]) if message else None,
    )


def _label(message: Document, data: str) -> str | None:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return next((str(key["text"]) for row in rows for key in row if key.get("callback_data") == data), None)


def _stop_waiting(query: Document) -> dict[str, Any]:
    """The client shows a progress bar until the query is answered (core.telegram.org/bots/api#callbackquery).

    Said in our 200, as "Making requests when getting updates" has it: nothing hangs on whether it is done.
    """
    return {"method": "answerCallbackQuery", "callback_query_id": _query_id(query)}


def _query_id(query: Document) -> str:
    if not _QUERY_ID.fullmatch(query["id"]):
        raise ValueError("no id of a query")
    return str(query["id"])


def _membership(change: Document) -> Happening:
    """Whoever blocked us is found out again when a send fails (403), so nothing more is made of it than a count."""
    if change["chat"]["type"] != "private":
        return Unknown("my_chat_member")
    return Unknown("bot_blocked" if change["new_chat_member"]["status"] == "kicked" else "bot_unblocked")


_READERS: Mapping[str, Callable[[Document], Happening]] = {
    "message": _message,
    "edited_message": _edited,
    "message_reaction": _reacted,
    "callback_query": _pressed,
    "my_chat_member": _membership,
}


# --- words and people


def _sender(message: Document) -> Contact:
    """`sender_chat` speaks for itself: the user beside it is one that Telegram makes up (Message.from)."""
    return _who(message.get("sender_chat") or message["from"])


def _who(who: Document) -> Contact:
    return Contact(id_of(who["id"]), name_of(who)[:NAME_MAX])


def _chat(chat: Document) -> str | None:
    """A group's id; None for the private chat with whoever writes."""
    return None if chat["type"] == "private" else id_of(chat["id"])


def _chat_name(chat: Document) -> str | None:
    title = chat.get("title")
    return title[:NAME_MAX] if chat["type"] != "private" and isinstance(title, str) and title.strip() else None


_AROUND = frozenset(
    {
        *("message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count"),
        *("sender_business_bot", "sender_tag", "business_connection_id", "chat", "date", "edit_date", "forward_origin"),
        *("is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply", "quote", "reply_to_story"),
        *(
            "reply_to_checklist_task_id",
            "reply_to_poll_option_id",
            "via_bot",
            "has_protected_content",
            "is_from_offline",
        ),
        *("is_paid_post", "media_group_id", "author_signature", "paid_star_count", "entities", "link_preview_options"),
        *("suggested_post_info", "effect_id", "caption", "caption_entities", "show_caption_above_media"),
        *("has_media_spoiler", "reply_markup"),
    }
)
"""Fields of a message that do not say of which kind it is."""


def _kind(message: Document) -> str:
    return next((_word(name) for name in message if name not in _AROUND), "empty_message")


def _word(field: str) -> str:
    """A field's name as a kind to count; what no field of Telegram's is called is counted together."""
    return field if _WORD.fullmatch(field) else "unknown"
