"""Reading messages: history, one message, and what became of it."""

from typing import Annotated, Any

from pydantic import Field

from chat4all.bootstrap import app
from chat4all.history import OFFSET_MAX, HistoryQuery
from chat4all.http.api import Api, path_id
from chat4all.pages import PageParameters

api = Api("messages")
handler = api.handle


class HistoryParameters(PageParameters):
    """Query parameters of the history; at most one of cursor, before_seq, after_seq and offset."""

    before_seq: Annotated[int, Field(ge=1, lt=2**53)] | None = None
    after_seq: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    offset: Annotated[int, Field(ge=0, le=OFFSET_MAX)] | None = None


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
