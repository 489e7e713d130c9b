"""Status only rises, and a message's is the lowest over the recipients that can still report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat4all.domain.status import (
    FAILED,
    RANK,
    Fate,
    below,
    in_app_status,
    message_status,
    recipient_status,
    rises,
    way_status,
)

STATUSES = [*RANK, FAILED]


@pytest.mark.parametrize(
    ("fates", "expected"),
    [
        ([("in_app", "read"), ("in_app", "delivered")], "delivered"),
        ([("in_app", "read"), ("in_app", "read")], "read"),
        ([("in_app", "delivered"), ("telegram", "sent")], "delivered"),
        ([("in_app", "read"), ("telegram", "sent")], "read"),
        ([("in_app", "read"), ("telegram", "accepted")], "accepted"),
        ([("telegram", "sent")], "sent"),
        ([("in_app", "sent"), ("telegram", "failed")], "sent"),
        ([("telegram", "failed"), ("telegram", "failed")], "failed"),
        ([("whatsapp", "sent"), ("telegram", "sent")], "sent"),
    ],
)
def test_message_status(fates: list[tuple[str, str]], expected: str) -> None:
    assert message_status([Fate(channel, status) for channel, status in fates]) == expected


def test_a_recipient_is_as_far_as_the_best_way_went() -> None:
    assert recipient_status([Fate("telegram", "sent"), Fate("in_app", "read")]) == Fate("in_app", "read")
    assert recipient_status([Fate("telegram", "failed"), Fate("in_app", "accepted")]).status == "accepted"
    assert recipient_status([Fate("telegram", "failed")]).status == "failed"


@pytest.mark.parametrize(("seq", "expected"), [(1, "read"), (2, "delivered"), (3, "sent"), (4, "accepted")])
def test_in_app_status_follows_the_watermarks(seq: int, expected: str) -> None:
    assert in_app_status(seq, routed_through=3, delivered_seq=2, read_seq=1) == expected


@given(st.lists(st.sampled_from(STATUSES), max_size=30))
def test_applied_in_any_order_a_status_never_goes_back(reports: list[str]) -> None:
    status, history = "accepted", ["accepted"]
    for report in reports:
        if rises(status, report):
            status = report
            history.append(status)
    ranked = [RANK[s] for s in history if s != FAILED]
    assert ranked == sorted(set(ranked))
    assert FAILED not in history[:-1]


@given(st.permutations(["sent", "delivered", "read"]))
def test_whatever_the_order_the_highest_report_wins(reports: list[str]) -> None:
    status = "accepted"
    for report in reports:
        status = report if rises(status, report) else status
    assert status == "read"


def test_a_failure_report_after_a_delivery_is_not_believed() -> None:
    assert not rises("delivered", FAILED)
    assert rises("sent", FAILED)
    assert not rises(FAILED, "read")


@pytest.mark.parametrize(
    ("parts", "count", "status"),
    [
        ([], 1, "accepted"),
        (["read"], 1, "read"),
        (["read", "sent"], 2, "sent"),
        (["read", "sent"], 3, "accepted"),
        (["read", "failed"], 2, "failed"),
    ],
)
def test_a_way_is_what_the_lowest_of_its_parts_is(parts: list[str], count: int, status: str) -> None:
    assert way_status(parts, count) == status


def test_below_is_what_may_rise_to_it() -> None:
    assert below("delivered") == ["accepted", "sent"]
    assert below("failed") == ["accepted", "sent"]
    assert below("accepted") == []
