"""The export of what is kept of a user."""

from typing import Any, Literal

from chat4all.contract.documents.document import Cursor, Document, example
from chat4all.contract.documents.samples import ANA, NOW


class ExportItem(Document):
    """One thing that is kept."""

    model_config = example(
        {
            "kind": "profile",
            "data": {
                "id": ANA,
                "kind": "user",
                "username": "ana",
                "display_name": "Ana Lima",
                "created_at": NOW,
                "email": "ana@example.com",
                "presence_visibility": "contacts",
                "has_password": True,
            },
        }
    )

    kind: Literal[
        "profile",
        "sign_in",
        "identity",
        "session",
        "webhook",
        "routing_rule",
        "account",
        "file",
        "membership",
        "message",
    ]
    """What it is. New kinds may come."""
    data: dict[str, Any]
    """As the operation of that kind answers it; of a message without reactions."""


class ExportPage(Document):
    """Items of all kinds, one kind after the other; each conversation's messages stand behind its membership, oldest first."""

    items: list[ExportItem]
    next_cursor: Cursor
