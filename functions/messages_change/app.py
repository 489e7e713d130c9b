"""PATCH and DELETE /v1/messages/{id}: edit and unsend."""

from typing import Any

from chat4all.bootstrap import app
from chat4all.changing import Edit, Unsend
from chat4all.domain.message import EditBody
from chat4all.http.api import Api, path_id

api = Api("messages_change")
handler = api.handle


@api.patch("/v1/messages/<message_id>")
def edit(message_id: str) -> dict[str, Any]:
    """The message with its new content, revision and edited_at."""
    body = api.body(EditBody)
    command = Edit(api.caller(), path_id(message_id, "message"), body.content, body.revision)
    return app().changing.edit(command)


@api.delete("/v1/messages/<message_id>")
def unsend(message_id: str) -> dict[str, Any]:
    """The message without its content, with revision and deleted_at."""
    return app().changing.unsend(Unsend(api.caller(), path_id(message_id, "message")))
