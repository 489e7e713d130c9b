"""…/audit-log: who did what, when and from where."""

from typing import Any

import chat4all.audit_readers
import chat4all.sessions  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.audit import Action
from chat4all.domain.audit_query import AuditQuery
from chat4all.http.api import Api, path_id
from chat4all.pages import PageParameters

api = Api("audit_log")
handler = api.handle


@api.get("/v1/users/me/audit-log")
def own() -> dict[str, Any]:
    """What the caller did, and what was tried in the caller's name."""
    asked = api.query(PageParameters)
    return app().audit_readers.own(api.caller(), asked.limit, asked.cursor)


@api.get("/v1/conversations/<conversation_id>/audit-log")
def conversation(conversation_id: str) -> dict[str, Any]:
    """For its owners and admins."""
    asked = api.query(PageParameters)
    where = path_id(conversation_id, "conversation")
    return app().audit_readers.conversation(api.caller(), where, asked.limit, asked.cursor)


@api.get("/v1/accounts/<account_id>/audit-log")
def account(account_id: str) -> dict[str, Any]:
    """For who manages it."""
    whose = app().administrators.whose_accounts(app().sessions.live(api.caller(), api.session_id))
    asked = api.query(PageParameters)
    return app().audit_readers.account(whose, path_id(account_id, "account"), asked.limit, asked.cursor)


@api.get("/v1/audit-log")
def any_log() -> dict[str, Any]:
    """Any log, for administrators; that they looked is recorded too."""
    asked = api.query(AuditQuery)
    with api.audited(Action.AUDIT_READ) as deed:
        deed.details["log"] = asked.day or asked.log or "deployment"
        return app().audit_readers.any(app().sessions.live(api.caller(), api.session_id), asked)
