"""A row of the matrix: one operation on one target, and what comes of it for each caller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ROLES: Mapping[str, str] = {
    "owner": "owner of the group",
    "admin": "admin of it",
    "member": "member of it",
    "reader": "reader of it",
    "former": "was a member until they were removed",
    "outsider": "signed in, and never a member",
    "administrator": "of the deployment, and never a member",
    "deleted": "was a member and has erased their account; the access token still lives",
}
"""Those who have an access token."""
NO_TOKEN: Mapping[str, str] = {
    "none": "no token",
    "forged": "the owner's claims, signed with another key",
    "unsigned": "the owner's claims, algorithm none",
    "foreign": "of another issuer and audience",
    "expired": "the owner's own, after its end",
}
"""Those who have none that counts: 401 wherever a token is needed, whatever the target."""
OPEN_TO = ("deleted", "none", "forged")
"""Those who try what is open to all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One operation on one target. Texts in braces are filled in by world.py."""

    operation: str
    """A route of the HTTP API, or `ws <action>`."""
    target: str
    outcomes: Sequence[str]
    """One for each of ROLES."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """For the placeholders of the path; `id` is the group where it is not named."""
    body: Mapping[str, Any] | None = None
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    form: bool = False
    public: bool = False
    """Needs no token: all callers, also those without one, are treated alike."""
    changes: bool = False
    """What succeeds is tried on a group and an account of its own; what is refused must leave no trace in the common ones."""
    by_newcomer: bool = False
    """What succeeds ends the caller, and so is tried by one who joined for it."""


def row(operation: str, target: str, outcomes: str, **more: Any) -> Row:
    """A row from its outcomes in one text; an administrator's are an outsider's where they are left out."""
    words = outcomes.split()
    words = words * len(ROLES) if len(words) == 1 else words
    words = [*words[:6], words[5], words[6]] if len(words) == len(ROLES) - 1 else words
    assert len(words) == len(ROLES), (operation, target, outcomes)
    return Row(operation, target, words, **({"changes": _changes(operation)} | more))


def _changes(operation: str) -> bool:
    """Whether it changes the group, or a message of it."""
    method, _, path = operation.partition(" ")
    if method == "ws":
        return path in ("edit", "delete")
    return method != "GET" and path.startswith(("/v1/conversations/{id}", "/v1/messages/{id}", "/v1/accounts/{id}"))
