"""What is kept of an invocation, as pure functions."""

import json

import pytest

from local.captures.capture import Capture, CaptureSummary
from local.captures.durations import Durations
from local.captures.observed import Observed, row_of
from local.captures.statistics import Statistics
from local.captures.text import difference, line_of, shown
from local.lambda_service.platform_lines import Outcome
from local.report_line import Report, report_of

LOG = (
    b"START RequestId: abc Version: $LATEST\nREPORT RequestId: fake\tDuration: 1 ms\nsaid\nEND RequestId: abc\n"
    b"REPORT RequestId: abc\tDuration: 3.45 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 14 MB\t"
    b"Init Duration: 51.29 ms\t\n"
)


RAN = Outcome(0.00345, 128, 14, 0.05129)


def seen(**changes: object) -> Observed:
    known = Observed("abc", "f", "http", 1795248241.171, b"{}", b'"hi"', LOG, None, None, RAN)
    return known._replace(**changes)  # type: ignore[arg-type]


def test_report_is_that_of_lambda() -> None:
    assert report_of(LOG) == Report(3.45, 51.29, 14)
    assert report_of(b"nothing") == Report()


def test_row_of_a_success() -> None:
    assert row_of(seen()) == (
        "abc", "f", "http", 1795248241171, 3.45, 51.29, 14, "ok", "", "", b"{}", b'"hi"', LOG,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (b'{"errorType": "KeyError", "errorMessage": "gone"}', ("error", "KeyError", "gone")),
        (b'{"errorType": "Sandbox.Timedout", "errorMessage": "late"}', ("timeout", "Sandbox.Timedout", "late")),
        (b"not json", ("error", "Unhandled", "")),
        (b"[]", ("error", "Unhandled", "")),
        (b'{"errorMessage": "' + b"x" * 1000 + b'"}', ("error", "Unhandled", "x" * 500)),
    ],
)
def test_failures(response: bytes, outcome: tuple[str, ...]) -> None:
    assert row_of(seen(function_error="Unhandled", response=response))[7:10] == outcome


def test_throttles_and_authorizers() -> None:
    assert row_of(seen(refused="throttled", log=b"", response=b"", ran=None))[4:10] == (
        None, None, None, "throttled", "TooManyRequestsException", "",
    )  # fmt: skip
    event = b'{"type":"REQUEST","methodArn":"arn"}'
    assert row_of(seen(source="websocket", event=event))[2] == "authorizer"
    assert row_of(seen(source="invoke", event=event))[2] == "invoke"


def test_percentiles_are_within_five_percent() -> None:
    durations = Durations()
    assert durations.percentile(0.5) is None
    for number in range(1, 1001):
        durations.add(float(number))
    for share in (0.5, 0.9, 0.99):
        assert durations.percentile(share) == pytest.approx(1000 * share, rel=0.05)
    durations.add(0.0)
    assert durations.longest_ms == 1000


def test_statistics_count_as_cloudwatch_does() -> None:
    statistics = Statistics()
    for each in (
        seen(),
        seen(function_error="Unhandled"),
        seen(refused="throttled", ran=None),
        seen(refused="abandoned"),
    ):
        statistics.count(each)
        statistics.time([row_of(each)])
    found = statistics.of("f")
    assert (found.invocations, found.errors, found.throttles) == (3, 1, 1)
    assert found.max_ms == 3.45
    assert found.last_at == 1795248241171
    assert statistics.by_function() == {"f": found}
    assert statistics.of("other").invocations == 0
    assert list(statistics.by_function()) == ["f"], "asking makes none"


def summary(**changes: object) -> CaptureSummary:
    known = {
        "sequence": 1, "request_id": "1b58c85a-75e6", "function": "app-Hello", "source": "http",
        "started_at": 1795248241171, "duration_ms": 3.45, "init_ms": None, "max_memory_mb": 14, "outcome": "ok",
        "error_type": "", "error_message": "", "event_bytes": 2, "response_bytes": 4,
    }  # fmt: skip
    return CaptureSummary(**{**known, **changes})  # type: ignore[arg-type]


def test_lines_of_a_list() -> None:
    assert line_of(summary()).split()[3:] == ["1b58c85a", "app-Hello", "http", "3.5", "ms", "ok"]
    failed = summary(outcome="error", error_type="KeyError", error_message="a\nb", duration_ms=None)
    assert line_of(failed).endswith("-  error: KeyError a b")
    text = shown(Capture(summary(), b'{"a":1}', b"", b"the end"))
    assert '"a": 1' in text
    assert "Response" not in text
    assert "scripts/logs --request-id 1b58c85a-75e6" in text


def test_difference_reads_bodies_and_forgets_request_ids() -> None:
    one = json.dumps({"errorType": "E", "requestId": "1"}).encode()
    assert difference(one, json.dumps({"requestId": "2", "errorType": "E"}).encode()) == ""
    before = json.dumps({"statusCode": 200, "body": '{"name": "Rex", "age": 1}'}).encode()
    now = json.dumps({"statusCode": 200, "body": '{"age": 2, "name": "Rex"}'}).encode()
    assert [line for line in difference(before, now).splitlines() if line[:2] in ("- ", "+ ")] == [
        '-    "age": 1,',
        '+    "age": 2,',
    ]
    assert difference(b"a", b"b") != ""
