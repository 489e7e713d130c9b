"""Administrators of the deployment."""

from chat4all.contract.documents.document import Cursor, Document, Time, Uuid, example
from chat4all.contract.documents.samples import ANA, BEN, NOW


class Administrator(Document):
    """A user who administers the deployment."""

    model_config = example({"user_id": BEN, "granted_by": ANA, "granted_at": NOW})

    user_id: Uuid
    granted_by: str
    """User id, or `operator:<ARN>`."""
    granted_at: Time


class AdministratorPage(Document):
    """All of them: `next_cursor` is always null."""

    items: list[Administrator]
    next_cursor: Cursor
