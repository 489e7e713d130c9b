"""What clients say of the moment: that they are there, and that somebody is writing."""

from typing import Annotated

from pydantic import StringConstraints

from chat4all.domain.message import Id
from chat4all.validation import Input


class TypingBody(Input):
    """Body of POST .../typing, which may be left out."""

    stopped: bool = False
    """It is over at once, and not only when it is not repeated."""


class TypingData(TypingBody):
    """Data of `typing`."""

    conversation_id: Id


class HeartbeatBody(Input):
    """Body of POST /v1/presence/heartbeat, which may be left out."""

    conversation_id: Id | None = None
    """Whose members' presence is asked for."""


class HeartbeatData(HeartbeatBody):
    """Data of `heartbeat`."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=8192)] | None = None
    """A new access token of the same user, on which the connection stands from now on."""
