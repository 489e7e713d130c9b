import asyncio
import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from local.application import Function
from local.invocation import TooManyRequests
from local.lambda_service.asynchronous import EventQueue
from local.lambda_service.environment import InvokeResult
from local.lambda_service.settings import LambdaSettings

_FUNCTION = Function("F", "f", "arn:f", "python3.13", "app.handler", Path("/code"), (), {}, 3, 256, on_failure="arn:q")
_SETTINGS = LambdaSettings(retry_delays_s=(0.0, 0.0), throttle_backoff_s=0.0)
_FAILED = InvokeResult(b'{"errorType": "E"}', "Unhandled", "id", b"")
_DONE = InvokeResult(b"1", None, "id", b"")


class Outcomes:
    """Gives one outcome after another and keeps the request ids."""

    def __init__(self, *outcomes: InvokeResult | Exception) -> None:
        self._outcomes = list(outcomes)
        self.ids: list[str] = []

    async def __call__(self, _name: str, _event: bytes, request_id: str) -> InvokeResult:
        self.ids.append(request_id)
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def process(outcomes: Outcomes, function: Function = _FUNCTION) -> None:
    queue = EventQueue(outcomes, _SETTINGS)
    queue.put(function, b'{"a": 1}', "id")
    await asyncio.gather(*queue._tasks)


async def test_is_retried_twice_with_the_same_id() -> None:
    outcomes = Outcomes(_FAILED, _FAILED, _DONE)
    await process(outcomes)
    assert outcomes.ids == ["id"] * 3


async def test_throttles_are_no_tries() -> None:
    outcomes = Outcomes(TooManyRequests(), TooManyRequests(), _FAILED, TooManyRequests(), _DONE)
    await process(outcomes)
    assert len(outcomes.ids) == 5


async def test_goes_to_the_destination_after_the_last_try(caplog: pytest.LogCaptureFixture) -> None:
    await process(Outcomes(_FAILED), replace(_FUNCTION, maximum_retry_attempts=0))
    (record,) = caplog.records
    text = record.getMessage()
    assert "(arn:q)" in text
    failure = json.loads(text.partition(": ")[2])
    assert failure["requestContext"]["condition"] == "RetriesExhausted"
    assert failure["requestContext"]["approximateInvokeCount"] == 1
    assert failure["requestPayload"] == {"a": 1}
    assert failure["responsePayload"] == {"errorType": "E"}


async def test_names_what_is_not_done_at_the_stop(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    queue = EventQueue(Outcomes(_FAILED), LambdaSettings())
    queue.put(_FUNCTION, b"{}", "the-id")
    await asyncio.sleep(0)
    await queue.stop()
    assert "f the-id" in caplog.text
