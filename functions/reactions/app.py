"""PUT and DELETE /v1/messages/{id}/reactions/{emoji}: react to a message, and take it back."""

from typing import Any
from urllib.parse import unquote

from chat4all.bootstrap import app
from chat4all.http.api import Api, path_id
from chat4all.reactions import React

api = Api("reactions")
handler = api.handle


@api.put("/v1/messages/<message_id>/reactions/<emoji>")
def react(message_id: str, emoji: str) -> dict[str, Any]:
    """The message's reactions as they are now."""
    return app().reactions.react(React(api.caller(), path_id(message_id, "message"), unquote(emoji)))


@api.delete("/v1/messages/<message_id>/reactions/<emoji>")
def take_back(message_id: str, emoji: str) -> dict[str, Any]:
    """The message's reactions as they are now."""
    return app().reactions.react(React(api.caller(), path_id(message_id, "message"), unquote(emoji), remove=True))
