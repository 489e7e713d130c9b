"""Actions of the WebSocket API: send, edit, delete, receipt, sync and heartbeat. What is returned goes back on the same connection."""

import json
from typing import Any

from chalice.app import Chalice, WebsocketEvent

import chat4all.domain.receipt
import chat4all.receipts
import chat4all.sending
import chat4all.sync
import chat4all.websocket.actions  # noqa: F401 - loaded in the init phase
from chat4all import admission
from chat4all.bootstrap import app

chalice = Chalice(app_name="chat4all")


@chalice.on_ws_message()
def handler(event: WebsocketEvent) -> dict[str, Any]:
    """The reply frame as the body of the route response."""
    user_id = event.to_dict()["requestContext"]["authorizer"]["user_id"]
    with admission.request(event.context.get_remaining_time_in_millis() / 1000, app().settings.request_budget_s):
        reply = app().actions.answer(user_id, event.connection_id, event.body)
    return {"statusCode": 200, "body": json.dumps(reply, separators=(",", ":"), ensure_ascii=False)}
