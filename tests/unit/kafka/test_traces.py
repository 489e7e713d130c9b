"""Each record is handled in the trace that its headers name, and what comes of it goes on in that."""

from collections.abc import Sequence
from typing import Any

import pytest

from chat4all.clock import now_ms
from chat4all.kafka.batch import process_batch, process_groups, process_in_order
from chat4all.kafka.dead_letters import DeadLetter
from chat4all.kafka.events import Event, encode
from chat4all.kafka.record import Record
from chat4all.kafka.topics import Topic
from chat4all.retries.raw_record import parked, unparked
from chat4all.tracing.current import current, following
from chat4all.tracing.kafka_headers import context_of, headers_of
from chat4all.tracing.trace_context import TraceContext, new_trace
from tests.contract.consumer_events import event_of, raw

CONVERSATION = "0199aaaa-1111-7222-8333-444455556666"


def event(trace: TraceContext | None = None) -> Event:
    data = {"audience": [], "client_type": "typing", "data": {}}
    with following(trace):
        return Event(Topic.EVENTS, "chat4all.typing.started.v1", CONVERSATION, data, now_ms())


def record(trace: TraceContext | None, offset: int = 0) -> dict[str, Any]:
    made = raw(Topic.EVENTS, encode(event()), CONVERSATION.encode(), offset)
    return made | {"headers": [{name: list(value)} for name, value in headers_of(trace)]}


class Failed:
    """Where failed records go; here none do."""

    consumer = "x"
    aside = 0

    def busy(self, _lanes: Any) -> set[str]:
        return set()


def is_child(found: TraceContext | None, parent: TraceContext) -> bool:
    return found is not None and found.trace_id == parent.trace_id and found.span_id != parent.span_id


def test_an_event_is_of_the_trace_in_which_it_was_made() -> None:
    trace = new_trace()
    assert event(trace).trace == trace
    assert event().trace is None


@pytest.mark.parametrize("at_once", [1, 4])
def test_records_one_after_the_other_or_side_by_side(at_once: int) -> None:
    traces, seen = [new_trace(), new_trace()], dict[int, TraceContext | None]()

    def handle(one: Record) -> None:
        assert one.trace == current()
        seen[one.offset] = event().trace

    batch = event_of([record(trace, number) for number, trace in enumerate(traces)])
    lane_of = lambda one: str(one.offset)  # noqa: E731
    process_in_order(batch, handle, Failed(), lane_of=lane_of, at_once=at_once)  # type: ignore[arg-type]
    assert all(is_child(seen[number], trace) for number, trace in enumerate(traces))


@pytest.mark.parametrize("process", ["batch", "groups"])
def test_several_at_once_are_in_no_trace_together_and_each_in_its_own(process: str) -> None:
    traces, seen = [new_trace(), new_trace()], list[Record]()

    def handle(records: Sequence[Record]) -> None:
        assert current() is None
        seen.extend(records)

    batch = event_of([record(trace, number) for number, trace in enumerate(traces)])
    if process == "batch":
        process_batch(batch, handle, Failed(), lambda _: None)  # type: ignore[arg-type]
    else:
        process_groups(batch, handle, Failed())  # type: ignore[arg-type]
    assert all(is_child(one.trace, trace) for one, trace in zip(seen, traces, strict=True))


def test_a_record_that_waits_or_is_given_up_keeps_its_trace() -> None:
    trace = new_trace()
    made = record(trace)
    assert context_of(unparked(parked("lane", "1", made))) == trace
    letter = DeadLetter.of(made, "poison", "router", 1, 1)
    assert letter.trace == trace
    assert dict(letter.headers)["traceparent"] == trace.traceparent.encode()
