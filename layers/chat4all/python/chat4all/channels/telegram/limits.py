"""Telegram's limits (core.telegram.org/bots/api and core.telegram.org/bots/faq, "My bot is hitting limits")."""

from collections.abc import Mapping
from typing import Any

from chat4all.channels.channel import Rates

RATES = Rates(account=(30.0, 30), recipient=(1.0, 3))
"""Messages: about 30 a second over all chats; one a second in a chat, of which short bursts may go over it."""
RESERVE_MS = 12_000
"""One call with its timeouts (`client.CALL_S`), and what is written after it. An upload takes longer, and looks for itself."""

TEXT_MAX = 4_096
"""UTF-16 code units of one message."""
CAPTION_MAX = 1_024
"""The same of a caption."""
NAME_MAX = 64
"""Characters of a contact's first name."""

MB = 1_000_000
"""Telegram does not say which megabyte; the smaller one is always taken."""
PHOTO_MAX = 10 * MB
ALBUM_MAX = 10
"""Files of one album (sendMediaGroup); two at least."""
UPLOAD_MAX_MB = 50
UPLOAD_MAX_MB_SELF_HOSTED = 2_000
DOWNLOAD_MAX = 20 * MB
STICKER_MAX = {"image/webp": 512_000, "application/x-tgsticker": 64_000, "video/webm": 256_000}
"""Bytes, by content type (core.telegram.org/stickers)."""


def window(last_inbound_ms: int | None, now_ms: int, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:  # noqa: ARG001
    """Who has once begun a chat with the bot may always be written to, until they block it (403)."""
    return {}
