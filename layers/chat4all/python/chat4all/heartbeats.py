"""Heartbeats: signs of life, the presence of those who are looked at, and new tokens for open connections."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chat4all.clock import now_ms, rfc3339
from chat4all.connections import Connections, entries_of
from chat4all.domain.presence import INTERVAL_S
from chat4all.environment_limits import EnvironmentLimit
from chat4all.errors import Invalid, Unauthenticated
from chat4all.logs import logger
from chat4all.presence import Presences
from chat4all.session_ends import SessionEnds
from chat4all.sessions import Sessions
from chat4all.stores.presence import Presence
from chat4all.websocket.caller import Caller
from chat4all.websocket.push import ConnectionGone, Push, PushFailed

if TYPE_CHECKING:
    from chat4all.access_tokens import AccessTokens


EXPIRING_MS = 5 * 60 * 1000
"""A client is told that its token ends when less than this is left, unless it has just sent a new one: where tokens live no
longer, each renewal would call for the next at once."""
RATE, BURST = 1.0, 10
"""Of one connection, or of a user over HTTP, in each environment: a client needs one each INTERVAL_S (docs/decisions/0038)."""


class Heartbeats:
    """Takes them."""

    def __init__(
        self,
        connections: Connections,
        presences: Presences,
        sessions: Sessions,
        push: Push,
        ends: SessionEnds,
        access_tokens: Callable[[], "AccessTokens"],
    ) -> None:
        self._connections = connections
        self._presences = presences
        self._sessions = sessions
        self._push = push
        self._ends = ends
        self._access_tokens = access_tokens
        """Made where there is a token: most heartbeats have none."""
        self._limit = EnvironmentLimit("heartbeats", RATE, BURST)

    def without_connection(self, user_id: str, conversation_id: str | None) -> dict[str, Any]:
        """Of an app that has no WebSocket: 1 write unit, and `Presences.of_members` where a conversation is named.

        Returns:
            {time, interval (s), presence?}.

        Raises:
            NotFound: not a member of that conversation. RateLimited, Unavailable.
        """
        self._limit.take(user_id)
        self._presences.tell(self._connections.beaten(user_id))
        return self._answer(user_id, conversation_id)

    def of_connection(self, caller: Caller, conversation_id: str | None, token: str | None) -> dict[str, Any]:
        """Of a WebSocket: 1 write unit, and as above. With `token` the connection stands on that one from now on.

        Returns:
            {time, interval (s), token_expires_at, presence?, sync?}. `sync` is true where the connection was not known any
            more: nothing was pushed to it meanwhile, so its client asks for what it missed.

        Raises:
            Invalid: at /token, code `invalid_token` or `session_ended`: the connection stands as before.
            Unauthenticated: the session has ended. NotFound, RateLimited, Unavailable.
        """
        self._limit.take(caller.connection_id)
        session_id, until = (caller.session_id, caller.expires_at) if token is None else self._given(caller, token)
        user_id, connection_id = caller.user_id, caller.connection_id
        if token is None:
            present = self._connections.seen(user_id, connection_id)
        else:
            present = self._connections.renewed(user_id, connection_id, session_id, until)
        was_known = present is not None
        if present is None:
            present = self._known_again(caller, session_id, until)
        elif session_id != caller.session_id:
            # Once more: who ended that session meanwhile has not seen that this connection stands on it.
            self._check_live(caller, session_id)
        self._presences.tell(present)
        until = int(entries_of(present).get(connection_id, {}).get("until", until))
        answer = self._answer(caller.user_id, conversation_id) | {"token_expires_at": rfc3339(until)}
        answer |= {} if was_known else {"sync": True}
        if token is None and until - now_ms() < EXPIRING_MS:
            self._warn(caller.connection_id, until)
        return answer

    def _answer(self, user_id: str, conversation_id: str | None) -> dict[str, Any]:
        answer: dict[str, Any] = {"time": rfc3339(now_ms()), "interval": INTERVAL_S}
        if conversation_id is not None:
            answer["presence"] = self._presences.of_members(conversation_id, user_id)
        return answer

    def _given(self, caller: Caller, token: str) -> tuple[str | None, int]:
        """Session and end of a token of the caller's."""
        try:
            given = self._access_tokens().verify(token)
        except Unauthenticated as error:
            raise Invalid.at("/token", f"is no access token that is good: {error.detail}", error.code) from error
        if given.user_id != caller.user_id:
            raise Invalid.at("/token", "is another user's", "invalid_token")
        return given.session_id, given.expires_at

    def _known_again(self, caller: Caller, session_id: str | None, until: int) -> Presence:
        """Register a connection that was forgotten by mistake, and not one that has ended, whose last frame comes late."""
        present = self._connections.opened(
            caller.user_id, caller.connection_id, session_id, until, takes_batches=caller.takes_batches
        )
        self._check_live(caller, session_id)
        # After it was written: who closes it from now on forgets it again.
        if self._push.is_gone(caller.connection_id):
            return self._connections.closed(caller.user_id, caller.connection_id) or present
        return present

    def _check_live(self, caller: Caller, session_id: str | None) -> None:
        try:
            self._sessions.live(caller.user_id, session_id)
        except Unauthenticated:
            self._ends.end(caller.user_id, caller.connection_id)
            raise

    def _warn(self, connection_id: str, until: int) -> None:
        frame = {"type": "token.expiring", "time": rfc3339(now_ms()), "data": {"expires_at": rfc3339(until)}}
        try:
            self._push.post(connection_id, json.dumps(frame, separators=(",", ":")).encode())
        except (ConnectionGone, PushFailed) as error:
            logger.info("not told that its token ends", connection_id=connection_id, cause=type(error).__name__)
