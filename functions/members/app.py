"""/v1/conversations/{id}/members: who is in a conversation, and as what."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.audit
import chat4all.members
import chat4all.sessions  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.domain.conversation import AddMember, UpdateMember
from chat4all.domain.roles import Role
from chat4all.http.api import Api, created, no_content, path_id
from chat4all.pages import PageParameters

api = Api("members")
handler = api.handle


@api.post("/v1/conversations/<conversation_id>/members")
def add(conversation_id: str) -> Response[str]:
    """201 with the member; with the same Idempotency-Key again, the same."""
    body, key = api.body(AddMember), api.idempotency_key()
    where = path_id(conversation_id, "conversation")
    with api.audited(Action.MEMBER_ADD, conversation=where) as deed:
        deed.details |= {"user_id": body.user_id, "role": body.role}
        return created(app().members.add(api.caller(), where, body.user_id, Role(body.role), key=key))


@api.get("/v1/conversations/<conversation_id>/members")
def list_all(conversation_id: str) -> dict[str, Any]:
    """A page of the members, by user id."""
    asked = api.query(PageParameters)
    where = path_id(conversation_id, "conversation")
    return app().members.list(api.caller(), where, asked.limit, asked.cursor)


@api.patch("/v1/conversations/<conversation_id>/members/<user_id>")
def change_role(conversation_id: str, user_id: str) -> dict[str, Any]:
    """Another role."""
    role = Role(api.body(UpdateMember).role)
    where, who = path_id(conversation_id, "conversation"), path_id(user_id, "member")
    with api.audited(Action.MEMBER_ROLE, conversation=where) as deed:
        deed.details |= {"user_id": who, "role": role}
        return app().members.change_role(app().sessions.live(api.caller(), api.session_id), where, who, role)


@api.delete("/v1/conversations/<conversation_id>/members/<user_id>")
def remove(conversation_id: str, user_id: str) -> Response[str]:
    """Leave, or remove somebody."""
    where, who = path_id(conversation_id, "conversation"), path_id(user_id, "member")
    with api.audited(Action.MEMBER_REMOVE, conversation=where) as deed:
        deed.details |= {"user_id": who}
        app().members.remove(app().sessions.live(api.caller(), api.session_id), where, who)
    return no_content()
