"""Typing: told to the others at once and kept nowhere; what is not repeated is over after a few seconds."""

from typing import Any

from chat4all.client_events import typing
from chat4all.domain.roles import Role, may_send
from chat4all.errors import Forbidden
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.logs import logger
from chat4all.memberships import member_of
from chat4all.rate_limits import RateLimiter
from chat4all.stores.members import Member

EXPIRES_IN_S = 6
"""Clients show it for so long; whoever goes on typing says so again before, such as every 4 s."""
RATE, BURST = 1.0, 10
"""Of one user."""


class Typing:
    """Tells who is writing. Costs 1 write unit (the limit) and the read of the members."""

    def __init__(self, publisher: Publisher, limiter: RateLimiter) -> None:
        self._publisher = publisher
        self._limiter = limiter

    def tell(self, user_id: str, conversation_id: str, *, stopped: bool = False) -> dict[str, Any]:
        """Tell the other members that `user_id` is writing, or has stopped.

        Returns:
            {"expires_in": seconds for which it is shown; 0 where it is over}.

        Raises:
            NotFound: not a member. Forbidden: a reader. RateLimited, Unavailable.
        """
        member = member_of(conversation_id, user_id)
        if not may_send(Role(member.role)):
            raise Forbidden("Readers cannot send in this conversation", code="reader")
        self._limiter.take(f"typing:{user_id}", RATE, BURST)
        expires_in_s = 0 if stopped else EXPIRES_IN_S
        audience = [m.user_id for m in Member.query(conversation_id) if m.in_app and m.user_id != user_id]
        try:
            self._publisher.publish([typing(conversation_id, audience, user_id, expires_in_s)])
        except PublishFailed as error:
            logger.warning("typing not told", conversation_id=conversation_id, cause=str(error))
        return {"expires_in": expires_in_s}
