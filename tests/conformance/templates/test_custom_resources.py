"""The life of custom resources over several starts of a stack."""

import pytest

from tests.conformance.templates.conftest import Requests


def told(requests: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(request["RequestType"], request["LogicalResourceId"]) for request in requests]


@pytest.mark.statement("template.custom-create", "template.custom-strings", "template.depends-on")
@pytest.mark.statement(
    "template.custom-unchanged", "template.custom-update", "template.custom-replace", "template.custom-delete"
)
def test_a_life(requests_of_a_start: Requests) -> None:
    created = requests_of_a_start()
    _check_created(created)
    assert requests_of_a_start() == []

    (updated,) = requests_of_a_start(Size="large")
    assert (updated["RequestType"], updated["PhysicalResourceId"]) == ("Update", "first")
    assert updated["ResourceProperties"]["Size"] == "large"
    assert updated["OldResourceProperties"]["Size"] == "small"

    replaced, removed = requests_of_a_start(Size="large", Physical="other")
    assert (replaced["RequestType"], replaced["PhysicalResourceId"]) == ("Update", "first")
    assert (removed["RequestType"], removed["PhysicalResourceId"]) == ("Delete", "first")
    assert removed["ResourceProperties"]["Physical"] == "first"

    (deleted,) = requests_of_a_start(Size="large", Physical="other", WithSecond="false")
    assert (deleted["RequestType"], deleted["LogicalResourceId"]) == ("Delete", "Second")
    assert deleted["PhysicalResourceId"] == "second"


def _check_created(requests: list[dict[str, object]]) -> None:
    order = told(requests)
    assert sorted(order) == [("Create", "First"), ("Create", "Later"), ("Create", "Second")]
    assert order.index(("Create", "Later")) < order.index(("Create", "First"))
    first = next(request for request in requests if request["LogicalResourceId"] == "First")
    token = "arn:aws:lambda:us-east-1:000000000000:function:local-Maker"
    assert first.keys() == {
        "RequestType", "ResponseURL", "StackId", "RequestId", "ResourceType", "LogicalResourceId", "ResourceProperties",
    }  # fmt: skip
    assert first["ResourceType"] == "Custom::Thing"
    assert first["ResourceProperties"] == {
        "ServiceToken": token,
        "Size": "small",
        "Physical": "first",
        "Outcome": "SUCCESS",
        "Number": "3",
        "Fast": "true",
        "Nested": {"List": ["1", {"Flag": "false"}]},
    }


@pytest.mark.statement("template.custom-failed")
def test_one_that_fails_ends_the_start_and_is_created_again(requests_of_a_start: Requests) -> None:
    assert ("Create", "First") in told(requests_of_a_start(1, Outcome="FAILED"))
    assert ("Create", "First") in told(requests_of_a_start())
