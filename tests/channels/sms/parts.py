"""Messages in pieces of 160 characters."""

from collections.abc import Sequence

from chat4all.channels.fates import NotSent, Permanent
from chat4all.channels.outgoing import LinkPart, Outgoing, Part, TextPart, with_sender
from chat4all.channels.splitting import split_text
from tests.channels.sms.limits import TEXT_MAX


def parts_of(message: Outgoing) -> Sequence[Part]:
    """Texts; of a file its caption and a link."""
    if message.type not in ("text", "file"):
        raise NotSent(Permanent(f"unsupported_type: an SMS cannot say a {message.type}"))
    text = with_sender(message, message.content)
    texts: list[Part] = [TextPart(piece) for piece in split_text(text, TEXT_MAX)] if text else []
    return [*texts, *(LinkPart(file, "no_media: an SMS holds text only") for file in message.files)]
