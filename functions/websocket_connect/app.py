"""$connect: registers the connection. Anything but 2xx refuses it."""

from typing import Any

from chalice.app import Chalice, WebsocketEvent

import chat4all.connections
import chat4all.presence
import chat4all.sessions  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.errors import RateLimited, Unauthenticated, Unavailable
from chat4all.logs import logger
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import WEBSOCKET_CONNECTIONS
from chat4all.observed import observed
from chat4all.websocket.caller import caller_of
from chat4all.websocket.handshake import agreed

chalice = Chalice(app_name="chat4all", configure_logs=False)


@observed("websocket_connect")
@chalice.on_ws_connect()
def handler(event: WebsocketEvent) -> dict[str, Any]:
    """200 with the agreed subprotocol."""
    request = event.to_dict()
    caller = caller_of(request["requestContext"])
    user_id = caller.user_id
    try:
        present = app().connections.opened(
            user_id, caller.connection_id, caller.session_id, caller.expires_at, takes_batches=caller.takes_batches
        )
        # Once more: who ended the session since the authorizer looked may not have seen this connection.
        app().sessions.live(user_id, caller.session_id)
    except Unauthenticated as error:
        logger.info("refused", detail=error.detail)
        app().connections.forget(user_id, event.connection_id)
        return _refused(401)
    except RateLimited as error:
        logger.info("refused", detail=error.detail, user_id=user_id)
        return _refused(429)
    except Unavailable as error:
        logger.warning("refused", detail=error.detail)
        return _refused(503)
    app().presences.tell(present)
    count(WEBSOCKET_CONNECTIONS, "opened")
    return {"statusCode": 200, "headers": agreed(request)}


def _refused(status: int) -> dict[str, Any]:
    count(WEBSOCKET_CONNECTIONS, "refused")
    return {"statusCode": status}
