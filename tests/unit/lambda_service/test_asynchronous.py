import asyncio
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.application import Function
from local.endpoints import Endpoints
from local.invocation import TooManyRequests
from local.lambda_service.asynchronous import EventQueue
from local.lambda_service.destinations import Destinations, record
from local.lambda_service.environment import InvokeResult
from local.lambda_service.event_store import EventStore, PendingEvent
from local.lambda_service.settings import LambdaSettings
from local.start_error import StartError

_ARN = "arn:aws:lambda:us-east-1:000000000000:function:f"
_FUNCTION = Function(
    "F", "f", _ARN, "python3.13", "app.handler", Path("/code"), (), {}, 3, 256, on_failure=f"{_ARN}ailed"
)
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


class Queue:
    """A queue over a store in memory; keeps what went to destinations."""

    def __init__(self, *outcomes: InvokeResult | Exception, store: EventStore | None = None) -> None:
        self.outcomes = Outcomes(*outcomes)
        self.store = store or EventStore()
        self.delivered: list[tuple[str, dict[str, Any]]] = []
        destinations = Destinations(Endpoints(), lambda name, body: self.delivered.append((name, json.loads(body))))
        self.queue = EventQueue(self.outcomes, _SETTINGS, self.store, destinations)

    async def process(self, function: Function = _FUNCTION) -> "Queue":
        self.queue.put(function, b'{"a": 1}', "id")
        await asyncio.gather(*self.queue._tasks)
        assert self.store.pending() == []
        return self


async def test_is_retried_twice_with_the_same_id() -> None:
    done = await Queue(_FAILED, _FAILED, _DONE).process()
    assert done.outcomes.ids == ["id"] * 3
    assert done.delivered == []


async def test_throttles_are_no_tries() -> None:
    done = await Queue(TooManyRequests(), TooManyRequests(), _FAILED, TooManyRequests(), _DONE).process()
    assert len(done.outcomes.ids) == 5


async def test_goes_to_the_destination_after_the_last_try(caplog: pytest.LogCaptureFixture) -> None:
    done = await Queue(_FAILED).process(replace(_FUNCTION, maximum_retry_attempts=0))
    ((name, failure),) = done.delivered
    assert name == "failed"
    assert failure["requestContext"]["condition"] == "RetriesExhausted"
    assert failure["requestContext"]["approximateInvokeCount"] == 1
    assert failure["requestPayload"] == {"a": 1}
    assert failure["responsePayload"] == {"errorType": "E"}
    assert "event id of f failed for good after 1 tries: RetriesExhausted" in caplog.text


async def test_success_goes_to_its_own_destination() -> None:
    done = await Queue(_FAILED, _DONE).process(replace(_FUNCTION, on_success=f"{_ARN}:$LATEST"))
    ((name, success),) = done.delivered
    assert name == "f"
    assert (success["requestContext"]["condition"], success["requestContext"]["approximateInvokeCount"]) == (
        "Success",
        2,
    )
    assert success["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}


async def test_becomes_too_old() -> None:
    old = Queue(*[TooManyRequests()] * 1_000_000)
    await old.process(replace(_FUNCTION, maximum_event_age_s=0.01))
    ((_, failure),) = old.delivered
    assert (failure["requestContext"]["condition"], failure["requestContext"]["approximateInvokeCount"]) == (
        "EventAgeExceeded",
        0,
    )
    assert not {"responseContext", "responsePayload"} & failure.keys()


async def test_more_than_it_keeps_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Queue(_DONE)
    monkeypatch.setattr(waiting.queue, "_settings", replace(_SETTINGS, max_events=1))
    waiting.queue.put(_FUNCTION, b"{}", "first")
    with pytest.raises(TooManyRequests):
        waiting.queue.put(_FUNCTION, b"{}", "second")
    await asyncio.gather(*waiting.queue._tasks)
    assert waiting.outcomes.ids == ["first"]


async def test_a_function_with_reserved_concurrency_0_is_not_tried() -> None:
    off = await Queue().process(replace(_FUNCTION, reserved_concurrency=0))
    assert off.outcomes.ids == []
    assert off.delivered[0][1]["requestContext"]["condition"] == "ZeroReservedConcurrency"


async def test_what_is_not_done_is_taken_up_again(tmp_path: Path) -> None:
    store = EventStore(tmp_path / "events.sqlite")
    first = Queue(_FAILED, store=store)
    first.queue._settings = replace(_SETTINGS, retry_delays_s=(60.0,))
    first.queue.put(_FUNCTION, b'{"a": 1}', "id")
    first.queue.put(replace(_FUNCTION, name="gone"), b"{}", "other")
    while store.pending()[0].tries == 0:
        await asyncio.sleep(0)
    await first.queue.stop()

    again = EventStore(tmp_path / "events.sqlite")
    (event, other) = again.pending()
    assert (event.request_id, event.tries, other.function) == ("id", 1, "gone")
    assert event.due_at - event.accepted_at == pytest.approx(60, abs=5)
    assert (again.payload("id"), again.last_error("id")) == (b'{"a": 1}', _FAILED.payload)
    again.failed(replace(event, due_at=time.time()), _FAILED.payload)
    second = Queue(_FAILED, _FAILED, store=again)
    second.queue.start({"f": _FUNCTION})
    await asyncio.gather(*second.queue._tasks)
    assert second.delivered[0][1]["requestContext"]["approximateInvokeCount"] == 3
    assert [left.request_id for left in again.pending()] == ["other"]
    again.close()


def test_an_answer_that_is_no_json_is_told_as_text() -> None:
    made = record(_FUNCTION, b"{}", "id", 1, "Success", b"\xff")
    assert made["responsePayload"] == "\ufffd"


def test_an_event_is_kept_before_it_is_answered(tmp_path: Path) -> None:
    store, reader = EventStore(tmp_path / "events.sqlite"), EventStore(tmp_path / "events.sqlite")
    store.add(PendingEvent("id", "f", 1.0, 2.0), b"{}")
    assert reader.pending() == [PendingEvent("id", "f", 1.0, 2.0)]
    store.remove("id")
    assert reader.pending() == []
    store.close()
    reader.close()


def test_a_file_that_is_damaged_inside(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    store = EventStore(path)
    store.add(PendingEvent("id", "f", 1.0, 2.0), b"{}")
    store.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StartError, match=r"events\.sqlite.* cannot be read .*remove it to forget them"):
        EventStore(path)


def test_a_file_that_holds_no_events(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    path.write_bytes(b"something else" * 1000)
    with pytest.raises(StartError, match=r"events\.sqlite.* cannot be read .*remove it to forget them"):
        EventStore(path)
