"""Presence."""

from typing import Annotated, Literal

from pydantic import Field

from chat4all.contract.documents.document import Document, Time, Uuid, example
from chat4all.contract.documents.samples import BEN, NOW

_PRESENCE = {"user_id": BEN, "status": "online", "version": 7, "last_seen_at": NOW, "expires_in": 85}


class Presence(Document):
    """Whether somebody is online."""

    model_config = example(_PRESENCE)

    user_id: Uuid
    status: Literal["online", "offline", "hidden"]
    version: Annotated[int, Field(ge=0)]
    """What comes with a lower one is older."""
    last_seen_at: Time | None = None
    expires_in: Annotated[int, Field(ge=0)] | None = None
    """Seconds for which it holds without news."""


class Heartbeat(Document):
    """The answer to a sign of life."""

    model_config = example({"time": NOW, "interval": 30, "presence": [_PRESENCE]})

    time: Time
    interval: Annotated[int, Field(ge=1)]
    """Seconds until the next one."""
    presence: list[Presence] | None = None
    """Of the other members of the conversation that was named."""
