"""What else Telegram says of a message, by a word each (`Inbound.origin`). Pure.

album: id that the files of one album share. forwarded: {from, time} of who said it first (time: seconds since 1970).
quote: the words that are answered. external_reply: {from, message_id?} of a message in another chat. links: [{text, url}]
behind words. sticker: {emoji, set}. round: a video message. live_period: seconds for which a location moves. thread: the
topic's id. via_bot: who helped. spoiler, story.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chat4all.channels.telegram.values import count_of, id_of, text_of

Document = Mapping[str, Any]
_LINKS_MAX = 10


def origin_of(message: Document) -> dict[str, Any] | None:
    """None where there is nothing to say; raises KeyError, TypeError, ValueError, AttributeError at another shape."""
    said = {word: find(message[field]) for word, (field, find) in _WORDS.items() if field in message}
    said["links"] = list(_links(message))[:_LINKS_MAX]
    return {word: value for word, value in said.items() if value} or None


def name_of(who: Document) -> str:
    """Of a user or a chat, as it is shown; names may be blank on Telegram, so an id is the last resort."""
    full = f"{who.get('first_name', '')} {who.get('last_name', '')}".strip() or str(who.get("title") or "").strip()
    return text_of(full or str(who.get("username") or who.get("phone_number") or who["id"]))


def _forwarded(origin: Document) -> dict[str, Any]:
    return {"from": _first(origin), "time": count_of(origin["date"])}


def _first(origin: Document) -> str:
    """Who said it first (core.telegram.org/bots/api#messageorigin)."""
    if "sender_user_name" in origin:
        return text_of(origin["sender_user_name"])
    return name_of(origin.get("sender_user") or origin.get("sender_chat") or origin["chat"])


def _external_reply(reply: Document) -> dict[str, Any]:
    number = {"message_id": count_of(reply["message_id"])} if "message_id" in reply else {}
    return {"from": _first(reply["origin"])} | number


def _sticker(sticker: Document) -> dict[str, Any]:
    return {
        word: text_of(sticker[field]) for word, field in (("emoji", "emoji"), ("set", "set_name")) if field in sticker
    }


def _story(story: Document) -> dict[str, Any]:
    return {"id": id_of(story["id"]), "from": name_of(story["chat"])}


_WORDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "album": ("media_group_id", text_of),
    "forwarded": ("forward_origin", _forwarded),
    "quote": ("quote", lambda quote: text_of(quote["text"])),
    "external_reply": ("external_reply", _external_reply),
    "story": ("reply_to_story", _story),
    "sticker": ("sticker", _sticker),
    "round": ("video_note", lambda _: True),
    "spoiler": ("has_media_spoiler", bool),
    "thread": ("message_thread_id", id_of),
    "via_bot": ("via_bot", name_of),
}


def _links(message: Document) -> Iterator[dict[str, str]]:
    """Of `text_link` entities: other URLs stand in the text itself. Offsets count UTF-16 units."""
    for field, entities in (("text", "entities"), ("caption", "caption_entities")):
        if not isinstance(message.get(field), str):
            continue
        units = message[field].encode("utf-16-le", errors="surrogatepass")
        for entity in message.get(entities) or ():
            if entity["type"] == "text_link":
                start = 2 * int(entity["offset"])
                words = units[start : start + 2 * int(entity["length"])].decode("utf-16-le", errors="replace")
                yield {"text": words, "url": text_of(entity["url"])}
