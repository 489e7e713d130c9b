"""A live client of Chat4All: conversations, messages, marks, typing and presence, kept in a store and up to date."""

from chat4all_client.live.client import LiveClient
from chat4all_client.live.database import StoreError, StoreInUse
from chat4all_client.live.events import (
    ConversationsChanged,
    Event,
    MessagesChanged,
    Overrun,
    PresenceChanged,
    StateChanged,
    TypingChanged,
    UsersChanged,
)
from chat4all_client.live.session import SignedOut
from chat4all_client.live.settings import LiveSettings

__all__ = [
    "ConversationsChanged",
    "Event",
    "LiveClient",
    "LiveSettings",
    "MessagesChanged",
    "Overrun",
    "PresenceChanged",
    "SignedOut",
    "StateChanged",
    "StoreError",
    "StoreInUse",
    "TypingChanged",
    "UsersChanged",
]
