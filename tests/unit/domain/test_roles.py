"""Roles are permissions."""

import pytest

from chat4all.domain.roles import (
    Candidate,
    Role,
    may_delete,
    may_grant,
    may_hold,
    may_manage,
    may_send,
    outranks,
    successor,
)


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


def test_a_guest_neither_manages_nor_owns() -> None:
    assert [role for role in Role if may_hold(role, signs_in=False)] == [Role.MEMBER, Role.READER]
    assert all(may_hold(role, signs_in=True) for role in Role)


def test_the_eldest_of_the_highest_role_succeeds_the_last_owner() -> None:
    reader, late, early = (
        Candidate("reader", Role.READER, 1),
        Candidate("late", Role.ADMIN, 3),
        Candidate("early", Role.ADMIN, 2),
    )
    assert successor([reader, late, early]) == "early"
    assert successor([reader]) == "reader"
    assert successor([]) is None
