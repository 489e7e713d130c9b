"""What the end of a session or token means for open WebSockets: they are told, and closed.

@connections closes with 1000 or 1001 and takes no code of ours: the error frame before it says why.
"""

import json
from collections.abc import Callable

from pynamodb.exceptions import PynamoDBException

from chat4all.connections import Connections
from chat4all.errors import DomainError, Unauthenticated
from chat4all.logs import logger
from chat4all.websocket.frames import error_frame
from chat4all.websocket.push import ConnectionGone, Push, PushFailed

_ENDED = Unauthenticated("The session of this connection has ended; sign in again", code="session_ended")
_EXPIRED = Unauthenticated("The token of this connection has expired; connect with a new one", code="token_expired")


class SessionEnds:
    """Closes connections. A failure is logged and not raised: the session has ended, and a connection lives 2 h at most."""

    def __init__(self, connections: Connections, push: Push) -> None:
        self._connections = connections
        self._push = push

    def close(self, user_id: str, session_id: str) -> None:
        """Close the connections of one session."""
        self._close(user_id, lambda session: session == session_id)

    def close_all(self, user_id: str, *, but: str | None = None) -> None:
        """Close every connection of a user, but those of one session."""
        self._close(user_id, lambda session: but is None or session != but)

    def end(self, user_id: str, connection_id: str) -> None:
        """Close one connection, whose session has ended."""
        self._close_one(user_id, connection_id, _ENDED)

    def expire(self, user_id: str, connection_id: str) -> None:
        """Close a connection whose token has expired: whose client goes on asking, or to which something would be pushed."""
        self._close_one(user_id, connection_id, _EXPIRED)

    def _close(self, user_id: str, is_over: Callable[[str | None], bool]) -> None:
        try:
            for connection_id, session in self._connections.sessions_of(user_id).items():
                if is_over(session):
                    self._close_one(user_id, connection_id, _ENDED)
        except (DomainError, PynamoDBException) as error:
            logger.warning("connections of an ended session not closed", user_id=user_id, cause=type(error).__name__)

    def _close_one(self, user_id: str, connection_id: str, why: Unauthenticated) -> None:
        frame = json.dumps(error_frame(None, why), separators=(",", ":")).encode()
        try:
            self._push.post(connection_id, frame)
        except (ConnectionGone, PushFailed) as error:
            logger.info("not told of the end of its session", connection_id=connection_id, cause=type(error).__name__)
        self._push.close(connection_id)
        self._connections.forget(user_id, connection_id)
