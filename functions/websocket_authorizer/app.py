"""Authorizer of $connect: who opens this WebSocket. The exception's very text makes API Gateway answer 401."""

from typing import Any

import chat4all.access_tokens  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.errors import Unauthenticated
from chat4all.logs import logger
from chat4all.observed import observed
from chat4all.websocket.handshake import BATCHES, offered, token_of


@observed("websocket_authorizer")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """A policy for this method; `user_id`, `session_id`, `expires_at` (ms since 1970), `takes_batches` for the other routes."""
    token = token_of(event)
    if token is None:
        raise Exception("Unauthorized")
    try:
        caller = app().access_tokens.verify(token)
    except Unauthenticated as error:
        logger.info("refused", detail=error.detail)
        raise Exception("Unauthorized") from None
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
    context = {"user_id": caller.user_id, "expires_at": caller.expires_at, "session_id": caller.session_id or ""}
    return {
        "principalId": caller.user_id,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context | {"takes_batches": BATCHES in offered(event)},
    }
