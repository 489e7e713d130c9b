"""References: what goes with a part of ours where the provider says it back (`channel.Target.reference`)."""

from chat4all.ids import is_id


def reference(message_id: str, part: int) -> str:
    """Of one part."""
    return f"{message_id}:{part}"


def is_reference(text: str | None) -> bool:
    """Whether it is one of ours: other apps of the same account say their own things."""
    message_id, _, part = (text or "").partition(":")
    return is_id(message_id) and part.isascii() and part.isdigit()
