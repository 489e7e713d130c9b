"""/v1/conversations: create, list, read, change and delete."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.audit
import chat4all.sessions  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.conversations import Create
from chat4all.domain.audit import Action
from chat4all.domain.conversation import CreateConversation, UpdateConversation
from chat4all.http.api import Api, created, no_content, path_id
from chat4all.pages import PageParameters

api = Api("conversations")
handler = api.handle


@api.post("/v1/conversations")
def create() -> Response[str]:
    """201 with the conversation; with the same Idempotency-Key again, no second one."""
    body = api.body(CreateConversation)
    key = api.idempotency_key()
    command = Create(api.caller(), body.type, body.member_ids, body.title, body.metadata, key)
    with api.audited(Action.CONVERSATION_CREATE) as deed:
        conversation = app().conversations.create(command)
        deed.of(conversation=conversation["id"])
    return created(conversation)


@api.get("/v1/conversations")
def list_page() -> dict[str, Any]:
    """A page, newest activity first."""
    page = api.query(PageParameters)
    return app().conversations.list(api.caller(), page.limit, page.cursor)


@api.get("/v1/conversations/<conversation_id>")
def get(conversation_id: str) -> dict[str, Any]:
    """The conversation with its members."""
    return app().conversations.get(api.caller(), path_id(conversation_id, "conversation"))


@api.patch("/v1/conversations/<conversation_id>")
def update(conversation_id: str) -> dict[str, Any]:
    """Title and metadata, as far as they are given."""
    changes = api.body(UpdateConversation).model_dump(exclude_unset=True)
    where = path_id(conversation_id, "conversation")
    with api.audited(Action.CONVERSATION_UPDATE, conversation=where):
        return app().conversations.update(api.caller(), where, changes)


@api.delete("/v1/conversations/<conversation_id>")
def delete(conversation_id: str) -> Response[str]:
    """For everybody."""
    where = path_id(conversation_id, "conversation")
    with api.audited(Action.CONVERSATION_DELETE, conversation=where):
        app().conversations.delete(app().sessions.live(api.caller(), api.session_id), where)
    return no_content()
