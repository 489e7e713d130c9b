"""Identifiers: UUIDv7 (RFC 9562), so that newer ones sort later and index pages stay warm."""

import uuid

import uuid_utils

PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
"""Of a UUID as we write it."""


def new_id() -> str:
    """A new UUIDv7 in lower case."""
    return str(uuid_utils.uuid7())


def derived_id(namespace: str, name: str) -> str:
    """The same UUID (v5) for the same `namespace` and `name`: makes a repeated webhook one message."""
    return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, f"chat4all:{namespace}"), name))


def is_id(text: str) -> bool:
    """Whether `text` is a UUID in canonical form (lower case, with hyphens)."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
