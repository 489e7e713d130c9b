import json
import re

import pytest

from local.event_source_mappings.responses import Failure, PartialFailure, Success, interpret

OFFSETS = {"orders-0": frozenset({1, 2, 3}), "orders-1": frozenset({7})}


def report(*items: object) -> bytes:
    return json.dumps({"batchItemFailures": [{"itemIdentifier": item} for item in items]}).encode()


@pytest.mark.parametrize(
    "payload",
    [b"", b"null", b"{}", b'{"batchItemFailures": []}', b'{"batchItemFailures": null}', b'{"other": 1}'],
)
def test_success(payload: bytes) -> None:
    assert interpret(payload, None, OFFSETS, True) == Success()


def test_the_lowest_offset_of_each_partition_counts() -> None:
    payload = report(
        {"partition": "orders-0", "offset": 3},
        {"partition": "orders-0", "offset": 2},
        {"partition": "orders-1", "offset": 7},
    )

    assert interpret(payload, None, OFFSETS, True) == PartialFailure({"orders-0": 2, "orders-1": 7})


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (report({"partition": "orders-9", "offset": 1}), "offset 1 of partition orders-9 is not in the batch"),
        (report({"partition": "orders-0", "offset": 9}), "offset 9 of partition orders-0 is not in the batch"),
        (report("1"), r"batchItemFailures\[0\].itemIdentifier is not an object"),
        (report({"partition": "orders-0", "offset": "1"}), "needs a partition"),
        (report({"partition": "orders-0", "offset": True}), "needs a partition"),
        (report({"partition": 0, "offset": 1}), "needs a partition"),
        (report({}), "needs a partition"),
        (b'{"batchItemFailures": {}}', "is not a list"),
        (b'{"batchItemFailures": [null]}', r"batchItemFailures\[0\]"),
        (b"[]", "list, not an object"),
        (b'"done"', "str, not an object"),
        (b"nonsense", "not JSON"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_another_answer_fails_the_whole_batch(payload: bytes, reason: str) -> None:
    outcome = interpret(payload, None, OFFSETS, True)

    assert isinstance(outcome, Failure)
    assert re.search(reason, outcome.reason)


def test_a_function_error_is_a_failure_with_its_text() -> None:
    payload = b'{"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 3.00 seconds"}'

    outcome = interpret(payload, "Unhandled", OFFSETS, True)

    assert outcome == Failure(
        "Function call failed: Sandbox.Timedout: Task timed out after 3.00 seconds", function_error="Unhandled"
    )


def test_without_report_batch_item_failures_the_answer_does_not_matter() -> None:
    assert interpret(report({"partition": "orders-0", "offset": 1}), None, {}, False) == Success()
    assert interpret(b"nonsense", None, {}, False) == Success()
