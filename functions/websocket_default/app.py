"""$default: what matches no route of the WebSocket API is told what would."""

import json
from typing import Any

from chalice.app import Chalice, WebsocketEvent

from chat4all.observed import observed
from chat4all.websocket.unmatched import answer

chalice = Chalice(app_name="chat4all", configure_logs=False)


@observed("websocket_default")
@chalice.on_ws_message()
def handler(event: WebsocketEvent) -> dict[str, Any]:
    """The error frame as the body of the route response."""
    return {"statusCode": 200, "body": json.dumps(answer(event.to_dict().get("body")), separators=(",", ":"))}
