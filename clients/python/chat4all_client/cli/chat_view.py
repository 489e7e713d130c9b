"""What `chat` shows of a conversation: made anew from the live client's store whenever something changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat4all_client.cli.message_lines import clock, line_of
from chat4all_client.cli.output import one_line
from chat4all_client.live.client import LiveClient

Json = dict[str, Any]
SHOWN_MAX = 500
"""Messages at once; /older goes further back, and history has all of them."""


@dataclass(frozen=True, slots=True)
class View:
    """A moment of a conversation."""

    header: str
    lines: tuple[str, ...]
    """Oldest first; own ones that wait at the end."""
    typing: str
    last_seq: int
    """Of the newest message that is shown."""


async def view_of(live: LiveClient, conversation_id: str) -> View:
    """What there is to show now; nothing where the conversation is not the user's any more."""
    conversation = await live.conversation(conversation_id)
    if conversation is None:
        return View(f"{conversation_id} — {live.state}", ("You are not in this conversation (any more).",), "", 0)
    messages = await live.messages(conversation_id, SHOWN_MAX)
    wanted = {message["sender_id"] for message in messages} | set(conversation["members"])
    users = await live.users(sorted(wanted))
    names = {user_id: user.get("display_name") or user.get("username") or "" for user_id, user in users.items()}
    names = {user_id: name for user_id, name in names.items() if name}
    by_id = {message["message_id"]: message for message in messages}
    lines = [await _line(live, message, names, by_id) for message in messages]
    return View(
        _header(live, conversation, names),
        tuple(lines),
        _typing(live.typists(conversation_id), names),
        max((message["seq"] for message in messages if "seq" in message), default=0),
    )


async def _line(live: LiveClient, message: Json, names: Mapping[str, str], by_id: Mapping[str, Json]) -> str:
    status = await live.status_of(message) if message["sender_id"] == live.user_id else None
    quoted = by_id.get(message.get("reply_to") or "")
    line = line_of(message, names, live.user_id, status, quoted)
    why = message.get("why") or {}
    return f"{_number(message)} {line}" + (f" ({one_line(str(why.get('detail', '')))})" if why else "")


def _number(message: Json) -> str:
    return f"{message['seq']:>4}" if "seq" in message else "    "


def _header(live: LiveClient, conversation: Json, names: Mapping[str, str]) -> str:
    others = [user_id for user_id in conversation["members"] if user_id != live.user_id]
    title = conversation.get("title") or ", ".join(names.get(other, other[-8:]) for other in others[:3]) or "me"
    here = [text for other in others[:5] if (text := presence_text(live.presence(other), names.get(other, "")))]
    told = ", ".join(here) if len(others) > 1 else (here[0].partition(" ")[2] if here else "")
    return " — ".join(part for part in (one_line(title), one_line(told), live.state) if part)


def presence_text(presence: Json | None, name: str) -> str:
    """`Ana online`, `Ana last seen 12:34`; empty where nothing is known."""
    match (presence or {}).get("status"):
        case "online":
            return f"{name or '?'} online"
        case "offline":
            seen = (presence or {}).get("last_seen_at")
            return f"{name or '?'} last seen {clock(seen)}" if seen else f"{name or '?'} offline"
    return ""


def _typing(user_ids: list[str], names: Mapping[str, str]) -> str:
    if not user_ids:
        return ""
    who = ", ".join(one_line(names.get(user_id, user_id[-8:])) for user_id in user_ids[:3])
    return f"{who} {'is' if len(user_ids) == 1 else 'are'} typing…"
