"""Who may read which audit log: everybody their own, owners and admins a conversation's, the owner an account's."""

from typing import Any

from chat4all.accounts import owned_account
from chat4all.audit import AuditLog
from chat4all.domain.roles import Role, may_manage
from chat4all.errors import Forbidden
from chat4all.memberships import member_of


class AuditReaders:
    """Who may read which log."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log

    def own(self, user_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """What a user did, and what was tried in the user's name."""
        return self._log.read(f"user:{user_id}", limit, cursor)

    def conversation(self, user_id: str, conversation_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """What was done to a conversation; raises NotFound (no member), Forbidden (below admin)."""
        member = member_of(conversation_id, user_id)
        if not may_manage(Role(member.role)):
            raise Forbidden("Only owners and admins read the audit log of a conversation")
        return self._log.read(f"conversation:{conversation_id}", limit, cursor)

    def account(self, user_id: str, account_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """What was done to a channel account; raises NotFound."""
        owned_account(user_id, account_id)
        return self._log.read(f"account:{account_id}", limit, cursor)
