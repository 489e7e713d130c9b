"""Instagram's limits (docs/instagram-platform/instagram-api-with-instagram-login/messaging-api)."""

from chat4all.channels.channel import Rates
from chat4all.channels.meta.messaging.limits import RECIPIENT_RATE, RESERVE_MS, window
from chat4all.channels.meta.messaging.parts import Attachment, Takes
from chat4all.channels.splitting import utf8_length

__all__ = ["RATES", "RESERVE_MS", "TAKES", "window"]

RATES = Rates(account=(100.0, 100), recipient=RECIPIENT_RATE)
"""100 calls a second an account (sources say 100 to 300); 10 of audio and video, over which Meta throttles them."""
TAKES = Takes(
    channel="Instagram",
    text_max=1_000,
    length=utf8_length,
    attachments={
        "image": Attachment(8_000_000, frozenset({"image/jpeg", "image/png"})),
        "video": Attachment(
            25_000_000,
            frozenset({"video/mp4", "video/ogg", "video/x-msvideo", "video/avi", "video/quicktime", "video/webm"}),
        ),
        "audio": Attachment(
            25_000_000, frozenset({"audio/aac", "audio/mp4", "audio/x-m4a", "audio/m4a", "audio/wav", "audio/x-wav"})
        ),
        "file": Attachment(25_000_000, frozenset({"application/pdf"})),
    },
    images_at_once=10,
)
"""Text is counted in bytes of UTF-8. MB as 10^6 bytes, the smaller reading; a GIF is in the guide's text and not in its table,
so it goes as a link."""
