"""Lines of functions: one object each, with what is known of whose invocation they are."""

import ast
import io
import json
import logging
import re
import runpy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chat4all import logs
from chat4all.logs import logger
from chat4all.observed import observed
from chat4all.tracing.current import current
from tests.template_file import ROOT

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{SPAN}-01"
USER = "0199aaaa-1111-7222-8333-444455556666"


class Context:
    function_name = "chat4all-MessagesSendFunction-1"
    aws_request_id = "b1946ac9-2d2f-4f0e-8d11-5c2f1c1c1f70"


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """What goes to standard output on Lambda."""
    handler, stream = logger.registered_handler, io.StringIO()
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before or handler.stream)


def lines(said: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.getvalue().splitlines()]


def http(status: int = 202, **headers: str) -> dict[str, Any]:
    claims = {"sub": USER}
    context = {"http": {"method": "POST"}, "routeKey": "POST /v1/messages", "authorizer": {"jwt": {"claims": claims}}}
    return {"version": "2.0", "requestContext": context, "headers": headers, "status": status}


def test_a_line_of_an_invocation(said: io.StringIO) -> None:
    @observed("messages_send")
    def handler(event: Any, _context: Any) -> dict[str, Any]:
        logs.know(message_id="m1")
        logger.info("inside", detail="ana@example.com", password="hunter22")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(logger.warning, "in a thread").result()
        return {"statusCode": event["status"]}

    logs.know(message_id="of nothing that is under way")
    handler(http(traceparent=TRACEPARENT), Context())
    logger.info("afterwards")
    inside, thread, request, afterwards = lines(said)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", inside["timestamp"])
    about = {"service": "messages_send", "function_name": Context.function_name, "trace_id": TRACE}
    about |= {"function_request_id": Context.aws_request_id}
    for line in (inside, thread, request):
        assert {name: line[name] for name in about} == about
        assert line["span_id"] != SPAN
    assert (inside["detail"], inside["password"], inside["user_id"]) == ("[email]", "[redacted]", USER)
    assert (thread["level"], thread["message"]) == ("WARNING", "in a thread")
    assert (request["message"], request["action"], request["outcome"], request["status"]) == (
        "request", "POST /v1/messages", "done", 202,
    )  # fmt: skip
    assert (request["user_id"], request["message_id"]) == (USER, "m1")
    assert request["latency_ms"] >= 0
    assert not {"trace_id", "user_id", "message_id", "function_name"} & afterwards.keys()


@pytest.mark.parametrize(("status", "outcome"), [(200, "done"), (404, "refused"), (429, "refused"), (503, "failed")])
def test_what_came_of_a_request(said: io.StringIO, status: int, outcome: str) -> None:
    observed("messages")(lambda event, _: {"statusCode": event["status"]})(http(status), Context())
    (line,) = lines(said)
    assert (line["outcome"], line["status"]) == (outcome, status)


def test_an_exception_is_passed_on_and_named(said: io.StringIO) -> None:
    def handler(_event: Any, _context: Any) -> None:
        raise ZeroDivisionError("what somebody wrote")

    with pytest.raises(ZeroDivisionError):
        observed("retrier")(handler)({}, Context())
    (line,) = lines(said)
    assert (line["message"], line["action"], line["outcome"]) == ("run", "run", "failed")
    assert line["error"] == "ZeroDivisionError"
    assert "somebody" not in said.getvalue()


def test_an_authorizer_refuses_by_an_exception(said: io.StringIO) -> None:
    def handler(_event: Any, _context: Any) -> None:
        raise Exception("Unauthorized")

    event = {"methodArn": "arn", "requestContext": {"routeKey": "$connect"}, "headers": {"Traceparent": TRACEPARENT}}
    with pytest.raises(Exception, match="Unauthorized"):
        observed("websocket_authorizer")(handler)(event, Context())
    (line,) = lines(said)
    assert (line["action"], line["outcome"], line["trace_id"]) == ("authorize", "refused", TRACE)


@pytest.mark.parametrize("body", [f'{{"action": "send", "traceparent": "{TRACEPARENT}"}}', '"traceparent"', "[", None])
def test_a_frame_of_a_socket(said: io.StringIO, body: str | None) -> None:
    context = {"routeKey": "send", "connectionId": "c=", "authorizer": {"user_id": USER}}
    observed("websocket_actions")(lambda *_: {"statusCode": 200})({"requestContext": context, "body": body}, Context())
    (line,) = lines(said)
    assert (line["action"], line["outcome"], line["user_id"]) == ("send", "done", USER)
    assert (line["trace_id"] == TRACE) == (body is not None and "action" in body)


def test_a_batch_names_its_traces_and_what_comes_again(said: io.StringIO) -> None:
    traces = [f"{number:032x}" for number in (1, 2, 2)]
    headers = [[{"traceparent": list(f"00-{trace}-{SPAN}-01".encode())}] for trace in traces]
    event = {"records": {"t-0": [{"headers": one} for one in headers]}}
    answer = {"batchItemFailures": [{"itemIdentifier": {"partition": "t-0", "offset": 1}}]}

    def handler(_event: Any, _context: Any) -> dict[str, Any]:
        assert current() is None
        return answer

    observed("router")(handler)(event, Context())
    observed("router")(handler)({"records": {"t-0": [{"headers": headers[0]}]}}, Context())
    several, one = lines(said)
    assert (several["message"], several["action"], several["records"], several["failed"]) == ("batch", "consume", 3, 1)
    assert (several["outcome"], several["trace_ids"]) == ("failed", traces[:2])
    assert "trace_id" not in several
    assert (one["records"], one["trace_id"]) == (1, traces[0])


class LambdaLoggerHandler(logging.StreamHandler[io.StringIO]):
    """As awslambdaric's: it ends no lines."""

    terminator = ""


def test_what_libraries_log_on_lambda_is_a_line_like_ours() -> None:
    handler = LambdaLoggerHandler(io.StringIO())
    logging.getLogger().addHandler(handler)
    try:
        observed("router")(lambda *_: logging.getLogger("kafka.conn").warning("no %s", "ana@example.com"))(
            http(traceparent=TRACEPARENT), Context()
        )
    finally:
        logging.getLogger().removeHandler(handler)
    (line,) = [json.loads(text) for text in handler.stream.getvalue().splitlines()]
    assert (line["level"], line["message"], line["service"], line["trace_id"]) == (
        "WARNING", "no [email]", "router", TRACE,
    )  # fmt: skip


def documented() -> set[str]:
    page = (Path(__file__).parents[2] / "docs/logs.md").read_text()
    rows = re.findall(r"^\| (`[a-z_`, ]+) \|", page.partition("## A line")[2].partition("\n## ")[0], re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_every_field_of_an_invocations_lines_is_documented(said: io.StringIO) -> None:
    def handler(event: Any, _context: Any) -> Any:
        logs.know(message_id="m", conversation_id="c")
        try:
            raise ValueError("x")
        except ValueError:
            logger.exception("failed", cause="x", error="ValueError")
        return event.get("answer", {"statusCode": 500})

    headers = [{"traceparent": list(TRACEPARENT.encode())}]
    other = [{"traceparent": list(f"00-{SPAN}{SPAN}-{SPAN}-00".encode())}]
    failed = {"batchItemFailures": [{}]}
    batch = {"records": {"t-0": [{"headers": headers}, {"headers": other}]}, "answer": failed}
    for event in (http(traceparent=TRACEPARENT), batch):
        observed("router")(handler)(event, Context())
    found = {name for line in lines(said) for name in line}
    assert found <= documented(), found - documented()
    assert {"status", "records", "failed", "trace_ids", "exception", "latency_ms"} <= found


@pytest.mark.parametrize("event", [None, [], "text", {"requestContext": None}, {"records": {}}, {"Records": []}])
def test_any_other_event_is_served_too(said: io.StringIO, event: Any) -> None:
    assert observed("x")(lambda *_: 7)(event, None) == 7
    (line,) = lines(said)
    assert line["outcome"] == "done"


def test_no_text_costs_a_line_or_comes_past_the_formatter(
    said: io.StringIO, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What pytest keeps of a log goes from process to process, where such a text cannot go.
    monkeypatch.setattr(logging.getLogger(logger.name), "propagate", False)
    handler = logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    written = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    before = handler.setStream(written)
    try:
        logger.info("refused \ud800 ana@example.com", path='/v1/\udfff\n{"_aws": 1}')
    finally:
        handler.setStream(before or handler.stream)
    text = written.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert text.count("\n") == 1
    line = json.loads(text)
    assert line["message"] == "refused \ud800 [email]"
    assert "_aws" not in line
    assert capsys.readouterr().err == ""


def test_no_framework_sets_the_logger_up_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chalice would have it say errors only, and twice, where standard output is not that of the import before."""
    own = logging.getLogger(logger.name)
    before = (own.level, own.propagate, list(own.handlers))
    monkeypatch.setattr("sys.stdout", io.StringIO())
    for path in sorted((ROOT / "functions").glob("websocket_*/app.py")):
        runpy.run_path(str(path))
    assert (own.level, own.propagate, list(own.handlers)) == before


def test_no_line_says_what_logging_keeps_for_itself() -> None:
    """`message=` and the like are a KeyError, when the line is said."""
    kept = (vars(logging.makeLogRecord({})).keys() | {"message", "asctime"}) - {"exc_info", "stack_info"}
    said_wrongly = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {word.arg}"
        for folder in ("layers/chat4all", "functions", "edge")
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("logger.")
        for word in call.keywords
        if word.arg in kept
    ]
    assert said_wrongly == []
