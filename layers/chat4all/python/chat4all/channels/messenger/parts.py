"""A message of ours as the parts that Messenger takes. Pure."""

from chat4all.channels.messenger.limits import TAKES
from chat4all.channels.meta.messaging import parts as messaging
from chat4all.channels.outgoing import Outgoing, Part


def parts_of(message: Outgoing) -> list[Part]:
    """Parts, at least one, always the same for the same message; raises NotSent."""
    return messaging.parts_of(message, TAKES)
