"""Actions of the WebSocket API (chat4all.websocket.actions). What is returned goes back on the same socket."""

from typing import Any

from chalice.app import Chalice, WebsocketEvent

import chat4all.domain.receipt
import chat4all.heartbeats
import chat4all.receipts
import chat4all.sending
import chat4all.session_ends
import chat4all.sync
import chat4all.typing
import chat4all.websocket.actions  # noqa: F401 - loaded in the init phase
from chat4all import admission
from chat4all.bootstrap import app
from chat4all.clock import now_ms
from chat4all.domain.frame_fitting import fitted
from chat4all.observed import observed
from chat4all.websocket.audited import record_denied
from chat4all.websocket.caller import caller_of

chalice = Chalice(app_name="chat4all", configure_logs=False)


@observed("websocket_actions")
@chalice.on_ws_message()
def handler(event: WebsocketEvent) -> dict[str, Any]:
    """The reply frame as the body of the route response."""
    context = event.to_dict()["requestContext"]
    caller = caller_of(context)
    with admission.request(event.context.get_remaining_time_in_millis() / 1000, app().settings.request_budget_s):
        if app().connections.good_until(caller) <= now_ms():
            app().session_ends.expire(caller.user_id, caller.connection_id)
            return {"statusCode": 200}
        reply = app().actions.answer(caller, event.body)
        record_denied(context, reply)
    return {"statusCode": 200, "body": fitted(reply).decode()}
