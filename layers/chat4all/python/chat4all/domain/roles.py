"""Roles are permissions: what each role may do in a conversation."""

from enum import StrEnum


class Role(StrEnum):
    """Role of a member, from the most to the least allowed."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    READER = "reader"


_RANK = {Role.READER: 0, Role.MEMBER: 1, Role.ADMIN: 2, Role.OWNER: 3}


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
