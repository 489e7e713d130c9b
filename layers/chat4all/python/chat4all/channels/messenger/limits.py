"""Messenger's limits (.../messenger-platform/overview/rate-limiting, .../send-messages and .../reference/send-api)."""

from chat4all.channels.channel import Rates
from chat4all.channels.meta.messaging.limits import RECIPIENT_RATE, RESERVE_MS, window
from chat4all.channels.meta.messaging.parts import Attachment, Takes
from chat4all.channels.splitting import characters

__all__ = ["RATES", "RESERVE_MS", "TAKES", "window"]

RATES = Rates(account=(300.0, 300), recipient=RECIPIENT_RATE)
"""300 calls a second a page; 10 of audio and video, over which Meta throttles them."""
TAKES = Takes(
    channel="Messenger",
    text_max=2_000,
    length=characters,
    attachments={
        "image": Attachment(8_000_000, frozenset({"image/jpeg", "image/png", "image/gif"})),
        "video": Attachment(
            25_000_000,
            frozenset({"video/mp4", "video/ogg", "video/x-msvideo", "video/avi", "video/quicktime", "video/webm"}),
        ),
        "audio": Attachment(
            25_000_000,
            frozenset({"audio/aac", "audio/mp4", "audio/x-m4a", "audio/mpeg", "audio/wav", "audio/x-wav"}),
        ),
        "file": Attachment(25_000_000),
    },
    images_at_once=10,
)
"""25 MB (unverified), images 8 MB; as 10^6 bytes, the smaller reading. What is no known picture, film or sound goes as a file.
Several images by `attachments` (github.com/fbsamples/messenger-platform-samples, "Multi Image Message"); as many as on Instagram,
since it is not said how many."""
