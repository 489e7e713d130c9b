"""What the answer of a function says about its batch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Offsets = Mapping[str, frozenset[int]]
"""By `topic-partition`: the offsets in the batch."""


@dataclass(frozen=True, slots=True)
class Success:
    """Every record of the batch is done."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Nothing of the batch is done."""

    reason: str
    function_error: str | None = None
    """`Handled` or `Unhandled` of the Invoke API; None where the function answered."""


@dataclass(frozen=True, slots=True)
class PartialFailure:
    """By `topic-partition`: the lowest offset that failed. What comes before it, and every other partition, is done."""

    failed_from: Mapping[str, int]


Outcome = Success | Failure | PartialFailure


def interpret(payload: bytes, function_error: str | None, offsets: Offsets, report_failures: bool) -> Outcome:
    """The outcome of one invocation.

    Without ReportBatchItemFailures only a function error counts. With it ("Partial batch response"): null, `{}` and an
    empty or null list are success; an unknown partition or offset, or an answer of another form, fails the whole batch.
    """
    if function_error is not None:
        return Failure(f"Function call failed: {error_text(payload)}", function_error)
    if not report_failures:
        return Success()
    try:
        answer = json.loads(payload or b"null")
    except (ValueError, RecursionError):
        return Failure("The function's answer is not JSON")
    if answer is None:
        return Success()
    if not isinstance(answer, dict):
        return Failure(f"The function's answer is {type(answer).__name__}, not an object with batchItemFailures")
    failures = answer.get("batchItemFailures")
    if failures is None or failures == []:
        return Success()
    if not isinstance(failures, list):
        return Failure("batchItemFailures is not a list")
    return _partial(failures, offsets)


def _partial(failures: list[Any], offsets: Offsets) -> Outcome:
    failed_from: dict[str, int] = {}
    for index, failure in enumerate(failures):
        where = f"batchItemFailures[{index}]"
        identifier = failure.get("itemIdentifier") if isinstance(failure, dict) else None
        if not isinstance(identifier, dict):
            return Failure(f"{where}.itemIdentifier is not an object with partition and offset")
        partition, offset = identifier.get("partition"), identifier.get("offset")
        if not isinstance(partition, str) or not isinstance(offset, int) or isinstance(offset, bool):
            return Failure(f"{where}.itemIdentifier needs a partition (text) and an offset (number)")
        if offset not in offsets.get(partition, frozenset()):
            return Failure(f"{where}: offset {offset} of partition {partition} is not in the batch")
        failed_from[partition] = min(offset, failed_from.get(partition, offset))
    return PartialFailure(failed_from)


def error_text(payload: bytes) -> str:
    """`errorType: errorMessage` of a failed function's payload, shortened."""
    try:
        error = json.loads(payload)
    except (ValueError, RecursionError):
        error = None
    if isinstance(error, dict) and "errorMessage" in error:
        text = f"{error.get('errorType', 'Error')}: {error['errorMessage']}"
    else:
        text = payload.decode(errors="replace") or "no answer"
    return text if len(text) <= 500 else text[:500] + "…"
