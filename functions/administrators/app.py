"""/v1/administrators: who administers the deployment; and what they do about others' webhooks."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.administrators
import chat4all.audit
import chat4all.sessions
import chat4all.webhooks.endpoints  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.http.api import Api, no_content, path_id
from chat4all.pages import PageParameters

api = Api("administrators")
handler = api.handle


def administrator() -> str:
    """The caller, in a session that has not ended, who is one now."""
    caller = app().sessions.live(api.caller(), api.session_id)
    app().administrators.check(caller)
    return caller


@api.get("/v1/administrators")
def list_all() -> dict[str, Any]:
    """All of them."""
    administrator()
    return app().administrators.list()


@api.get("/v1/administrators/<user_id>")
def get(user_id: str) -> dict[str, Any]:
    """One of them."""
    administrator()
    who = path_id(user_id, "administrator")
    return app().administrators.get(who)


@api.put("/v1/administrators/<user_id>")
def grant(user_id: str) -> dict[str, Any]:
    """Another administrator, at once."""
    caller, who = administrator(), path_id(user_id, "user")
    with api.audited(Action.ADMINISTRATOR_GRANT, user=who) as deed:
        deed.details["user_id"] = who
        return app().administrators.grant(who, caller)


@api.delete("/v1/administrators/<user_id>")
def revoke(user_id: str) -> Response[str]:
    """None any more, at once; the last one stays."""
    administrator()
    who = path_id(user_id, "administrator")
    with api.audited(Action.ADMINISTRATOR_REVOKE, user=who) as deed:
        deed.details["user_id"] = who
        app().administrators.revoke(who)
    return no_content()


@api.get("/v1/users/<user_id>/webhooks")
def webhooks_of(user_id: str) -> dict[str, Any]:
    """A user's endpoints, without their secrets."""
    administrator()
    asked, who = api.query(PageParameters), path_id(user_id, "user")
    return app().webhooks.list(who, asked.limit, asked.cursor)


@api.delete("/v1/users/<user_id>/webhooks/<webhook_id>")
def delete_webhook_of(user_id: str, webhook_id: str) -> Response[str]:
    """Gone, with what is on its way to it."""
    administrator()
    who, which = path_id(user_id, "user"), path_id(webhook_id, "webhook")
    with api.audited(Action.WEBHOOK_DELETE, user=who) as deed:
        deed.details["webhook"] = which
        app().webhooks.delete(who, which)
    return no_content()
