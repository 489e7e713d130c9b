"""What became of deliveries to endpoints; trying one out, and sending again."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.sessions
import chat4all.webhooks.deliveries  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.webhook import DeliveryQuery, Replay
from chat4all.http.api import Api, json_response, path_id

api = Api("webhook_deliveries")
handler = api.handle


def caller() -> str:
    """Whose endpoints they are, in a session that has not ended."""
    return app().sessions.live(api.caller(), api.session_id)


@api.post("/v1/webhooks/<webhook_id>/test")
def test(webhook_id: str) -> Response[str]:
    """A `webhook.test` is on its way."""
    which = path_id(webhook_id, "webhook")
    return json_response(202, app().webhook_deliveries.test(caller(), which))


@api.get("/v1/webhooks/<webhook_id>/deliveries")
def deliveries(webhook_id: str) -> dict[str, Any]:
    """What became of deliveries, the newest first."""
    which, query = path_id(webhook_id, "webhook"), api.query(DeliveryQuery)
    return app().webhook_deliveries.list(caller(), which, query)


@api.post("/v1/webhooks/<webhook_id>/replay")
def replay(webhook_id: str) -> Response[str]:
    """Deliveries are sent again."""
    which, body = path_id(webhook_id, "webhook"), api.body(Replay)
    return json_response(202, app().webhook_deliveries.replay(caller(), which, body))
