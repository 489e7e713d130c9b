"""Parts of 20 characters."""

from collections.abc import Sequence

from chat4all.channels.outgoing import Outgoing, Part, TextPart, with_sender

LONGEST = 20


def parts_of(message: Outgoing) -> Sequence[Part]:
    """Cut anywhere."""
    text = with_sender(message, str(message.content))
    return [TextPart(text[at : at + LONGEST]) for at in range(0, len(text), LONGEST)]
