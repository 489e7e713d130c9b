"""$disconnect: forgets the connection. API Gateway reports the end with best effort and ignores the answer."""

from typing import Any

from chalice.app import Chalice, WebsocketEvent

import chat4all.connections
import chat4all.presence  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.observed import observed

chalice = Chalice(app_name="chat4all", configure_logs=False)


@observed("websocket_disconnect")
@chalice.on_ws_disconnect()
def handler(event: WebsocketEvent) -> dict[str, Any]:
    """200."""
    user_id = event.to_dict()["requestContext"]["authorizer"]["user_id"]
    app().presences.tell(app().connections.closed(user_id, event.connection_id))
    return {"statusCode": 200}
