"""…/audit-log: who did what, when and from where."""

from chat4all.contract.documents.audit import AuditPage
from chat4all.contract.operation import Operation
from chat4all.contract.problems import SESSION
from chat4all.domain.audit_query import AuditQuery
from chat4all.pages import PageParameters

_TAG = "Audit log"

OPERATIONS = (
    Operation(
        "listMyAuditLog",
        "GET",
        "/v1/users/me/audit-log",
        _TAG,
        "What the caller did",
        {200: AuditPage},
        "And what was tried in the caller's name. Newest first.",
        query=PageParameters,
    ),
    Operation(
        "listConversationAuditLog",
        "GET",
        "/v1/conversations/{id}/audit-log",
        _TAG,
        "What was done to a conversation",
        {200: AuditPage},
        "For its owners and admins.",
        query=PageParameters,
        errors=("forbidden",),
    ),
    Operation(
        "listAccountAuditLog",
        "GET",
        "/v1/accounts/{id}/audit-log",
        _TAG,
        "What was done to an account",
        {200: AuditPage},
        "For who manages it.",
        query=PageParameters,
        errors=(*SESSION, "administrators_only"),
    ),
    Operation(
        "listAuditLog",
        "GET",
        "/v1/audit-log",
        _TAG,
        "Any log, for administrators",
        {200: AuditPage},
        "Newest first. By default what belongs to nobody and what administrators do; that they look is recorded too.",
        query=AuditQuery,
        errors=(*SESSION, "administrators_only"),
    ),
)
