"""A message as lines for people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chat4all_client.cli.output import one_line, safe
from chat4all_client.progress_lines import amount

Json = dict[str, Any]
MARKS: Mapping[str, str] = {
    "sending": "…", "accepted": "·", "sent": "✓", "delivered": "✓✓", "read": "✓✓ read", "failed": "✗ failed",
}  # fmt: skip
"""By status of an own message."""
_QUOTED = 40


def text_of(message: Json) -> str:
    """What was said, in one or more lines, safe for a terminal."""
    if message.get("deleted_at"):
        return "(unsent)"
    content = message.get("content")
    files: list[Json] = message.get("files") or ([message["file"]] if message.get("file") else [])
    lines = [
        f"[{one_line(str(each.get('filename', 'file')))}, {_size(each)}: {one_line(str(each.get('file_id', '')))}]"
        for each in files
    ]
    match message.get("type"), content:
        case "location", {"latitude": latitude, "longitude": longitude, **more}:
            place = one_line(f"{latitude}, {longitude}")
            lines.append(f"[place {place}] {one_line(str(more.get('name') or ''))}".rstrip())
        case "contact", {"name": name, **more}:
            lines.append(f"[contact {one_line(str(name))} {one_line(str(more.get('phone') or ''))}".rstrip() + "]")
        case _, str() if content:
            lines.append(safe(content))
        case _, dict():
            lines.append(one_line(str(content)))
    return "\n".join(lines)


def line_of(
    message: Json, names: Mapping[str, str], own_id: str, status: str | None = None, quoted: Json | None = None
) -> str:
    """`12:34 Ana: text (edited) 👍 2 ✓✓`; further lines of the text are indented."""
    who = (
        "me"
        if message["sender_id"] == own_id
        else one_line(names.get(message["sender_id"], str(message["sender_id"])[-8:]))
    )
    channel = message.get("channel", "in_app")
    origin = f" ({one_line(str(channel))})" if channel not in ("in_app", None) else ""
    text = text_of(message).replace("\n", "\n      ")
    reply = f" ⤷ “{_short(quoted)}”" if quoted is not None else " ⤷" if message.get("reply_to") else ""
    tail = [*(["(edited)"] if message.get("edited_at") and not message.get("deleted_at") else []), *_reactions(message)]
    if message["sender_id"] == own_id and not message.get("deleted_at"):
        tail.append(MARKS.get(status or str(message.get("status") or ""), ""))
    return " ".join(part for part in (f"{clock(message['created_at'])} {who}{origin}{reply}:", text, *tail) if part)


def clock(time: str) -> str:
    """Hours and minutes of an RFC 3339 time, where this machine is; with the day, where that is not today's."""
    at = datetime.fromisoformat(time.replace("Z", "+00:00")).astimezone()
    same = at.date() == datetime.now(at.tzinfo).date()
    return f"{at:%H:%M}" if same else f"{at:%Y-%m-%d %H:%M}"


def _reactions(message: Json) -> list[str]:
    found = message.get("reactions") or {}
    return [f"{one_line(emoji)} {len(users)}" if len(users) > 1 else one_line(emoji) for emoji, users in found.items()]


def _size(file: Json) -> str:
    return amount(file["size"]) if isinstance(file.get("size"), int) else one_line(str(file.get("status", "?")))


def _short(message: Json) -> str:
    text = one_line(text_of(message))
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
