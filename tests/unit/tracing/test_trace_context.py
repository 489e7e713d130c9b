"""Traces in headers, by W3C Trace Context, level 1."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat4all.tracing.kafka_headers import context_of, headers_of
from chat4all.tracing.trace_context import TraceContext, new_trace, of_headers, parsed

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def _hex(digits: int) -> st.SearchStrategy[str]:
    return st.integers(1, 16**digits - 1).map(lambda number: f"{number:0{digits}x}")


_STATES = st.sampled_from(["", "rojo=00f067aa0ba902b7", "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"])
CONTEXTS = st.builds(TraceContext, _hex(32), _hex(16), st.booleans(), _STATES)


@given(CONTEXTS)
def test_what_is_written_is_read_again(context: TraceContext) -> None:
    assert of_headers(context.headers()) == context


@given(CONTEXTS)
def test_a_child_is_another_span_of_the_trace(context: TraceContext) -> None:
    child = context.child()
    assert child.span_id != context.span_id
    assert replace(child, span_id=context.span_id) == context
    assert of_headers(child.headers()) == child


@given(CONTEXTS)
def test_a_record_carries_it_as_lambda_gives_headers(context: TraceContext) -> None:
    """Each a list of bytes, which Lambda makes signed."""
    headers = [("content-type", b"x"), *headers_of(context), ("traceparent", b"another")]
    raw = {"headers": [{name: [byte - 256 if byte > 127 else byte for byte in value]} for name, value in headers]}
    assert context_of(raw) == context


@pytest.mark.parametrize("state", ["a caller's own text", "rojo=1,=", "rojo=1,Rojo=2", "k=a\tb", "k=", "k" * 500])
def test_a_state_that_is_none_is_told_to_nobody(state: str) -> None:
    """OpenTelemetry would write it into the log, as often as somebody asks."""
    found = parsed(f"00-{TRACE}-{SPAN}-01", state)
    assert found is not None
    assert found.state == ""


@pytest.mark.parametrize("state", ["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "1a@vendor=x y , b=2,", ",a=1"])
def test_a_state_goes_on_as_it_came(state: str) -> None:
    assert parsed(f"00-{TRACE}-{SPAN}-01", state).state == state  # type: ignore[union-attr]


@given(st.one_of(st.text(max_size=80), st.none(), st.integers(), st.binary()), st.text(max_size=600))
def test_nothing_that_is_sent_is_an_error(traceparent: object, tracestate: str) -> None:
    found = parsed(traceparent, tracestate)
    if found is not None:
        assert parsed(found.traceparent, found.state) == found


@pytest.mark.parametrize(
    "text",
    [
        f"ff-{TRACE}-{SPAN}-01",  # no version
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",  # version 00 has no more
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-1",
        f"01-{TRACE}-{SPAN}-01more",
        "",
    ],
)
def test_what_is_none_begins_a_trace(text: str) -> None:
    assert parsed(text) is None


def test_a_later_version_is_read_as_far_as_it_is_known_and_written_as_ours() -> None:
    found = parsed(f"cc-{TRACE}-{SPAN}-09-what-the-future-brings")
    assert found == TraceContext(TRACE, SPAN, is_sampled=True)
    assert found is not None
    assert found.traceparent == f"00-{TRACE}-{SPAN}-01"


@pytest.mark.parametrize("state", ["a=1\n", "a=1,", "a=" + "1" * 511, ",".join(["a=1"] * 33), "é=1", 7, ""])
def test_a_state_that_is_none_is_dropped_and_the_trace_goes_on(state: object) -> None:
    found = parsed(f"00-{TRACE}-{SPAN}-00", state)
    assert found is not None
    assert found.trace_id == TRACE
    assert found.state in ("", "a=1,")


@pytest.mark.parametrize(
    "headers", [[], [{"traceparent": [1, 2]}], [{"traceparent": "text"}], ["x"], [{"traceparent": None}]]
)
def test_headers_of_a_record_that_are_none(headers: object) -> None:
    assert context_of({"headers": headers}) is None


def test_new_traces_differ() -> None:
    first, second = new_trace(), new_trace()
    assert first.trace_id != second.trace_id
    assert parsed(first.traceparent) == first
