"""Messenger's errors as fates: those of the Send API that Instagram has, too."""

from chat4all.channels.meta.messaging.errors import fate_of

__all__ = ["fate_of"]
