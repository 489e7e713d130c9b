"""Reading messages: history, one message, and what became of it."""

from typing import Any

from chat4all.bootstrap import app
from chat4all.history import HistoryParameters, HistoryQuery
from chat4all.http.api import Api, path_id

api = Api("messages")
handler = api.handle


@api.get("/v1/conversations/<conversation_id>/messages")
def history(conversation_id: str) -> dict[str, Any]:
    """Newest first; with after_seq oldest first, and how far it is complete."""
    parameters = api.query(HistoryParameters)
    query = HistoryQuery(path_id(conversation_id, "conversation"), **parameters.model_dump())
    return app().history.list(api.caller(), query)


@api.get("/v1/messages/<message_id>")
def get(message_id: str) -> dict[str, Any]:
    """One message."""
    return app().history.get(api.caller(), path_id(message_id, "message"))


@api.get("/v1/messages/<message_id>/status")
def status(message_id: str) -> dict[str, Any]:
    """The message's status, each recipient's, and every delivery."""
    return app().history.status(api.caller(), path_id(message_id, "message"))
