"""Outgoing webhooks: a user's endpoints and their secrets."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.audit
import chat4all.sessions
import chat4all.webhooks.endpoints  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.domain.webhook import NewSecret, NewWebhook, WebhookChanges
from chat4all.http.api import Api, created, no_content, path_id
from chat4all.pages import PageParameters

api = Api("webhooks")
handler = api.handle


def caller() -> str:
    """Whose endpoints they are, in a session that has not ended: they get what the user is told."""
    return app().sessions.live(api.caller(), api.session_id)


@api.post("/v1/webhooks")
def create() -> Response[str]:
    """An endpoint, with its secret."""
    with api.audited(Action.WEBHOOK_CREATE) as deed:
        webhook = app().webhooks.create(caller(), api.body(NewWebhook))
        deed.details["webhook"] = webhook["id"]
    return created(webhook)


@api.get("/v1/webhooks")
def list_webhooks() -> dict[str, Any]:
    """The caller's endpoints."""
    parameters = api.query(PageParameters)
    return app().webhooks.list(caller(), parameters.limit, parameters.cursor)


@api.get("/v1/webhooks/<webhook_id>")
def get(webhook_id: str) -> dict[str, Any]:
    """One endpoint, without its secret."""
    which = path_id(webhook_id, "webhook")
    return app().webhooks.get(caller(), which)


@api.patch("/v1/webhooks/<webhook_id>")
def update(webhook_id: str) -> dict[str, Any]:
    """The endpoint as it is after the change."""
    which = path_id(webhook_id, "webhook")
    with api.audited(Action.WEBHOOK_UPDATE) as deed:
        deed.details["webhook"] = which
        return app().webhooks.update(caller(), which, api.body(WebhookChanges))


@api.delete("/v1/webhooks/<webhook_id>")
def delete(webhook_id: str) -> Response[str]:
    """Gone, with what is on its way to it."""
    which = path_id(webhook_id, "webhook")
    with api.audited(Action.WEBHOOK_DELETE) as deed:
        deed.details["webhook"] = which
        app().webhooks.delete(caller(), which)
    return no_content()


@api.post("/v1/webhooks/<webhook_id>/secret")
def new_secret(webhook_id: str) -> Response[str]:
    """The endpoint, with another secret."""
    which = path_id(webhook_id, "webhook")
    with api.audited(Action.WEBHOOK_SECRET) as deed:
        deed.details["webhook"] = which
        return created(app().webhooks.new_secret(caller(), which, api.body_or(NewSecret())))
