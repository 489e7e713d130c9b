"""/v1/users: registration and profiles."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.audit
import chat4all.found_users
import chat4all.identity_limits
import chat4all.users  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.domain.user import ProfileChanges, Registration, UserQuery
from chat4all.http.api import Api, created, no_content, path_id
from chat4all.pages import page

api = Api("users")
handler = api.handle


@api.post("/v1/users")
def register() -> Response[str]:
    """201 with the user."""
    registration = api.body(Registration)
    app().identity_limits.register(api.source_ip)
    with api.audited(Action.USER_CREATE) as deed:
        user = app().users.register(registration)
        deed.by(user["id"])
    return created(user)


@api.get("/v1/users/me")
def own() -> dict[str, Any]:
    """The caller, with email."""
    return app().users.own(api.caller())


@api.patch("/v1/users/me")
def update() -> dict[str, Any]:
    """What is given replaces what was there; a new password ends the other sessions."""
    user_id, changes = api.caller(), api.body(ProfileChanges)
    if changes.password is None:
        return app().users.update(user_id, changes)
    with api.audited(Action.PASSWORD_CHANGE):
        app().sessions.live(user_id, api.session_id)
        app().identity_limits.sign_in_to(user_id, api.source_ip)
        return app().users.update(user_id, changes, api.session_id)


@api.delete("/v1/users/me")
def delete() -> Response[str]:
    """Erases what is personal, frees the names and ends every session."""
    with api.audited(Action.USER_DELETE):
        app().users.delete(app().sessions.live(api.caller(), api.session_id))
    return no_content()


@api.get("/v1/users")
def find() -> dict[str, Any]:
    """By name or by ids, as others see them."""
    return page(app().found_users.find(api.query(UserQuery), api.caller()), None)


@api.get("/v1/users/<user_id>")
def get(user_id: str) -> dict[str, Any]:
    """A user or guest, as others see them."""
    return app().users.public(path_id(user_id, "user"), api.caller())
