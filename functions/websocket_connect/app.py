"""$connect: registers the connection. Anything but 2xx refuses it."""

from typing import Any

from aws_lambda_powertools import Logger
from chalice.app import Chalice, WebsocketEvent

import chat4all.connections  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.errors import Unavailable
from chat4all.websocket.handshake import agreed

logger = Logger(service="websocket_connect")
chalice = Chalice(app_name="chat4all")


@chalice.on_ws_connect()
def handler(event: WebsocketEvent) -> dict[str, Any]:
    """200 with the agreed subprotocol."""
    request = event.to_dict()
    try:
        app().connections.opened(request["requestContext"]["authorizer"]["user_id"], event.connection_id)
    except Unavailable as error:
        logger.warning("refused", detail=error.detail)
        return {"statusCode": 503}
    return {"statusCode": 200, "headers": agreed(request)}
