"""WhatsApp's limits (…/whatsapp/messages/send-messages, /throughput, /business-phone-numbers/media)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat4all.channels.channel import Rates
from chat4all.channels.meta.graph import CALL_MAX_MS

TEXT_MAX = 4_096
"""Characters of one message."""
CAPTION_MAX = 1_024
"""Characters of a caption."""
TEMPLATE_TEXT_MAX = 900
"""Characters of a template's variable: its body has at most 1,024 with its own words (…/whatsapp/templates/components)."""

RATES = Rates(account=(80.0, 80), recipient=(1 / 6, 45))
"""80 a second a number (more on request). To the same user one in six seconds in the long run; a burst of up to 45 in six
seconds is lent from the time after it (…/whatsapp/throughput, "Pair rate limits")."""
RESERVE_MS = CALL_MAX_MS + 4_000
WINDOW_MS = 24 * 3600 * 1000
"""The customer service window: how long after their last message anything may be sent."""


def window(last_inbound_ms: int | None, now_ms: int, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Nothing more within the window; outside it the account's template, else None."""
    if last_inbound_ms is not None and now_ms - last_inbound_ms < WINDOW_MS:
        return {}
    template = settings.get("template")
    return {"template": template} if template else None


@dataclass(frozen=True, slots=True)
class MediaRule:
    """A kind of media: what it takes. MB as 10^6 bytes, the smaller reading of what Meta calls a MB."""

    kind: str
    content_types: frozenset[str]
    size_max: int
    has_caption: bool


_WORD = "application/vnd.openxmlformats-officedocument."
STICKER = MediaRule("sticker", frozenset({"image/webp"}), 100_000, False)
"""Animated ones may have 500 KB; whether one is, its type does not say."""
MEDIA_RULES = (
    MediaRule("image", frozenset({"image/jpeg", "image/png"}), 5_000_000, True),
    MediaRule("video", frozenset({"video/mp4", "video/3gp", "video/3gpp"}), 16_000_000, True),
    MediaRule(
        "audio",
        frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"}),
        16_000_000,
        False,
    ),
    MediaRule(
        "document",
        frozenset(
            {
                *("text/plain", "application/pdf", "application/msword"),
                *("application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
                *(f"{_WORD}{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet")),
                f"{_WORD}presentationml.presentation",
            }
        ),
        100_000_000,
        True,
    ),
)
"""By content type, without parameters (…/business-phone-numbers/media, "Supported media types"). Others go as a link."""
CAPTIONED = frozenset(rule.kind for rule in MEDIA_RULES if rule.has_caption)
"""Kinds that take a caption."""
