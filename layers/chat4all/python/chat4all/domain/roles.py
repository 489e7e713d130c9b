"""Roles are permissions: what each role may do in a conversation. Every service asks here, and nowhere else.

Who is no member may do nothing and learns nothing: to them a conversation does not exist (404).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Role of a member, from the most to the least allowed."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    READER = "reader"


_RANK = {Role.READER: 0, Role.MEMBER: 1, Role.ADMIN: 2, Role.OWNER: 3}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may become the owner of a conversation that loses its last one."""

    user_id: str
    role: Role
    joined_at: int
    """Milliseconds since 1970."""


def may_send(role: Role) -> bool:
    """Readers only read."""
    return _RANK[role] >= _RANK[Role.MEMBER]


def may_manage(role: Role) -> bool:
    """Change title, metadata and members."""
    return _RANK[role] >= _RANK[Role.ADMIN]


def may_delete(role: Role) -> bool:
    """Delete the conversation."""
    return role is Role.OWNER


def outranks(role: Role, other: Role) -> bool:
    """Whether `role` may change or remove a member who is `other`: owners anybody, admins those below them."""
    return role is Role.OWNER or _RANK[role] > _RANK[other]


def may_grant(role: Role, granted: Role) -> bool:
    """Nobody gives a role above their own."""
    return _RANK[role] >= _RANK[granted]


def may_hold(role: Role, *, signs_in: bool) -> bool:
    """A guest cannot sign in, and so neither manages nor owns: an owner who can do nothing would leave nobody who can."""
    return signs_in or _RANK[role] <= _RANK[Role.MEMBER]


def successor(candidates: Iterable[Candidate]) -> str | None:
    """User id of who becomes owner when the last one is erased: of the highest role the eldest; None where nobody is left."""
    found = sorted(candidates, key=lambda c: (-_RANK[c.role], c.joined_at, c.user_id))
    return found[0].user_id if found else None
