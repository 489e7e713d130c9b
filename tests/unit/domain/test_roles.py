"""Roles are permissions."""

import pytest

from chat4all.domain.roles import Role, may_delete, may_grant, may_manage, may_send, outranks


@pytest.mark.parametrize(
    ("role", "send", "manage", "delete"),
    [
        (Role.OWNER, True, True, True),
        (Role.ADMIN, True, True, False),
        (Role.MEMBER, True, False, False),
        (Role.READER, False, False, False),
    ],
)
def test_what_each_role_may(role: Role, send: bool, manage: bool, delete: bool) -> None:
    assert (may_send(role), may_manage(role), may_delete(role)) == (send, manage, delete)


def test_nobody_grants_above_themselves_or_removes_an_equal() -> None:
    assert not may_grant(Role.ADMIN, Role.OWNER)
    assert may_grant(Role.ADMIN, Role.ADMIN)
    assert not outranks(Role.ADMIN, Role.ADMIN)
    assert outranks(Role.ADMIN, Role.MEMBER)
    assert outranks(Role.OWNER, Role.OWNER)
