"""Who may read which audit log: everybody their own, owners and admins a conversation's, an account's who manages it.

Administrators read all of them.
"""

from typing import Any

from chat4all.accounts import managed_account
from chat4all.administrators import Administrators
from chat4all.audit import AuditLog
from chat4all.domain.audit import DEPLOYMENT
from chat4all.domain.audit_query import AuditQuery
from chat4all.domain.roles import Role, may_manage
from chat4all.errors import Forbidden
from chat4all.memberships import member_of


class AuditReaders:
    """Who may read which log."""

    def __init__(self, log: AuditLog, administrators: Administrators) -> None:
        self._log = log
        self._administrators = administrators

    def own(self, user_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """What a user did, and what was tried in the user's name."""
        return self._log.read(f"user:{user_id}", limit, cursor)

    def conversation(self, user_id: str, conversation_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """What was done to a conversation; raises NotFound (no member), Forbidden (below admin)."""
        member = member_of(conversation_id, user_id)
        if not may_manage(Role(member.role)):
            raise Forbidden("Only owners and admins read the audit log of a conversation")
        return self._log.read(f"conversation:{conversation_id}", limit, cursor)

    def account(self, owner_id: str | None, account_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """What was done to a channel account; `owner_id` as accounts.Accounts. Raises NotFound."""
        managed_account(owner_id, account_id)
        return self._log.read(f"account:{account_id}", limit, cursor)

    def any(self, user_id: str, asked: AuditQuery) -> dict[str, Any]:
        """The log that an administrator names; raises Forbidden (`administrators_only`)."""
        self._administrators.check(user_id)
        if asked.day is not None:
            return self._log.read_day(asked.day, asked.limit, asked.cursor)
        return self._log.read(asked.log or DEPLOYMENT, asked.limit, asked.cursor)
