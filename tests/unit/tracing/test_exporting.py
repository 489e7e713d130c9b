"""Export by OTLP: within its time, whatever the collector does; and only of what is sampled."""

import logging
import socket
import time
from collections.abc import Iterator

import pytest

from chat4all.tracing import spans
from chat4all.tracing.current import current
from chat4all.tracing.exporting import ExportingTracer
from chat4all.tracing.spans import Kind
from chat4all.tracing.trace_context import TraceContext
from tests.otlp_collector import Collector

PARENT = TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", is_sampled=True, state="rojo=1")


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector().serving() as collector:
        yield collector


@pytest.fixture(autouse=True)
def recorded_by_nobody_afterwards() -> Iterator[None]:
    yield
    spans.record_by(None)


def record(endpoint: str, ratio: float = 1.0) -> ExportingTracer:
    tracer = ExportingTracer("messages_send", endpoint, "test", ratio)
    spans.record_by(tracer)
    return tracer


def test_spans_have_service_parent_kind_and_attributes(collector: Collector) -> None:
    tracer = record(collector.endpoint)
    with spans.entered("POST /v1/messages", Kind.SERVER, PARENT, {"a": 1, "left.out": None}) as own:
        assert current() == own.context
        assert own.context.state == "rojo=1"
        with spans.call("dynamodb PutItem", Kind.CLIENT, {"rpc.system": "aws-api"}) as inner:
            assert inner is not None
    tracer.flush()
    inside, outside = collector.spans
    assert (outside.service, outside.name, outside.kind) == ("messages_send", "POST /v1/messages", "SERVER")
    assert (outside.trace_id, outside.parent_id, outside.attributes) == (PARENT.trace_id, PARENT.span_id, {"a": 1})
    assert (inside.parent_id, inside.kind, inside.attributes) == (outside.span_id, "CLIENT", {"rpc.system": "aws-api"})
    assert outside.span_id == own.context.span_id
    assert 0 <= inside.lasted_ns <= outside.lasted_ns
    assert not outside.is_error


def test_an_exception_ends_it_as_an_error_that_names_its_type_and_nothing_else(collector: Collector) -> None:
    tracer = record(collector.endpoint)
    with pytest.raises(ValueError, match="what somebody wrote"), spans.entered("x", Kind.SERVER, PARENT, {}):
        raise ValueError("what somebody wrote")
    tracer.flush()
    (span,) = collector.spans
    assert span.is_error
    assert span.attributes == {"error.type": "ValueError"}


def test_who_asks_decides_whether_a_trace_is_sampled_and_the_ratio_of_new_ones(collector: Collector) -> None:
    tracer = record(collector.endpoint, 0.0)
    unsampled = TraceContext(PARENT.trace_id, PARENT.span_id)
    for parent in (None, unsampled, PARENT):
        with (
            spans.entered("asked", Kind.SERVER, parent, {}) as own,
            spans.call("inside", Kind.CLIENT, {}) as inner,
        ):
            assert own.context.is_sampled == (parent is PARENT)
            assert (inner is None) == (parent is not PARENT)
            if parent is not None:
                assert own.context.trace_id == parent.trace_id
    tracer.flush()
    assert {span.trace_id for span in collector.spans} == {PARENT.trace_id}
    assert len(collector.spans) == 2


def test_a_collector_that_refuses_is_told_of_once_and_left_alone_for_a_while(
    collector: Collector, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracer = record(collector.endpoint)
    collector.status = 400
    for _ in range(3):
        with spans.entered("x", Kind.SERVER, None, {}):
            pass
        tracer.flush()
    assert [line.message for line in caplog.records] == ["traces not exported"]
    collector.status = 200
    later = time.monotonic() + 31
    monkeypatch.setattr(time, "monotonic", lambda: later)
    with spans.entered("y", Kind.SERVER, None, {}):
        pass
    tracer.flush()
    assert [span.name for span in collector.spans] == ["y"]
    (lost,) = [line for line in caplog.records if line.message == "spans were lost"]
    assert lost.__dict__["count"] == 3


def test_a_collector_that_does_not_answer_costs_half_a_second_once(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        tracer = record(f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        for _ in range(20):
            with spans.entered("x", Kind.SERVER, None, {}):
                pass
            tracer.flush()
        assert 0.3 < time.monotonic() - began < 3
    assert [line.levelno for line in caplog.records if line.name == "chat4all"] == [logging.WARNING]


def test_what_waits_for_its_export_is_bounded() -> None:
    tracer = record("http://127.0.0.1:9")
    for _ in range(2_100):
        spans.begin("x", Kind.SERVER, None, {}).end()
    assert len(tracer._ended.taken()) == 2_000
    assert tracer._ended.lost() == 100


def test_without_an_endpoint_the_trace_goes_on_and_nothing_is_recorded() -> None:
    with spans.entered("x", Kind.SERVER, PARENT, {}) as own:
        assert (own.context.trace_id, own.context.is_sampled, own.context.state) == (PARENT.trace_id, True, "rojo=1")
        assert own.context.span_id != PARENT.span_id
        with spans.call("inside", Kind.CLIENT, {}) as inner:
            assert inner is None
            assert current() == own.context
    assert current() is None
    spans.flush()
