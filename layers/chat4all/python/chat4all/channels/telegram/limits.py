"""Telegram's limits (core.telegram.org/bots/api#sendmessage)."""

from chat4all.channels import splitting
from chat4all.channels.splitting import utf16_length

__all__ = ["TEXT_MAX", "split_text", "utf16_length"]

TEXT_MAX = 4096
"""UTF-16 code units of one message."""


def split_text(text: str, limit: int = TEXT_MAX) -> list[str]:
    """Parts of at most `limit` UTF-16 units, as `splitting.split_text` cuts them."""
    return splitting.split_text(text, limit, utf16_length)
