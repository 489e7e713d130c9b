"""The audit log."""

from chat4all.contract.documents.document import Cursor, Document, Time, Uuid, example
from chat4all.contract.documents.samples import ANA, NOW, RULE


class AuditEntry(Document):
    """One thing that was done or tried."""

    model_config = example(
        {
            "id": RULE,
            "time": NOW,
            "action": "session.sign_in",
            "outcome": "done",
            "actor": ANA,
            "code": None,
            "target": None,
            "source_address": "203.0.113.7",
            "user_agent": "chat4all-python/1.0",
            "request_id": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "connection_id": None,
            "details": {},
        }
    )

    id: Uuid
    time: Time
    action: str
    outcome: str
    """begun, done, denied or failed."""
    actor: str | None
    """User id, or `operator:<ARN>`; null where nobody has proved who they are."""
    code: str | None
    """Of the error, where there was one."""
    target: str | None
    source_address: str | None
    user_agent: str | None
    request_id: str | None
    connection_id: str | None
    details: dict[str, str | int]


class AuditPage(Document):
    """Entries, newest first."""

    items: list[AuditEntry]
    next_cursor: Cursor
