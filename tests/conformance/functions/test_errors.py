"""What becomes of functions that fail, in their code or as processes; after each of them the next invocation is served."""

import math

import pytest

from tests.conformance.functions.conftest import Answer, Functions


def failed(functions: Functions, answer: Answer, name: str = "actions") -> tuple[str, str]:
    """Type and message of the error; the log tells it too, and the function is served again."""
    assert answer.error == "Unhandled", answer
    assert answer.log.startswith("START") or len(answer.log.encode()) >= 4096
    assert answer.log.rstrip().rpartition("\n")[2].startswith(f"REPORT RequestId: {answer.request_id}")
    if name == "actions":
        assert functions.invoke("actions", "again").payload == "again"
    return answer.payload["errorType"], answer.payload["errorMessage"]


@pytest.mark.statement("lambda.errors")
def test_raises(functions: Functions) -> None:
    answer = functions.do("fail", message="é")
    assert failed(functions, answer) == ("ValueError", "é")
    assert answer.payload.keys() == {"errorMessage", "errorType", "requestId", "stackTrace"}
    assert answer.payload["requestId"] == answer.request_id
    assert any("in fail" in line for line in answer.payload["stackTrace"])
    assert "[ERROR] ValueError: é\nTraceback (most recent call last):" in answer.log
    assert "Status: error\tError Type: ValueError" in answer.log


@pytest.mark.statement("lambda.errors")
def test_recurses(functions: Functions) -> None:
    assert failed(functions, functions.do("fail_deeply"))[0] == "RecursionError"


@pytest.mark.statement("lambda.import-module-error")
def test_import_error(functions: Functions) -> None:
    answer = functions.invoke("missing-module")
    expected = ("Runtime.ImportModuleError", "Unable to import module 'app': No module named 'nothing_such'")
    assert failed(functions, answer, "missing-module") == expected
    assert answer.payload["stackTrace"] == []


@pytest.mark.statement("lambda.handler-not-found")
def test_handler_not_found(functions: Functions) -> None:
    answer = functions.invoke("missing-handler")
    expected = ("Runtime.HandlerNotFound", "Handler 'nothing' missing on module 'app'")
    assert failed(functions, answer, "missing-handler") == expected


@pytest.mark.statement("lambda.user-code-syntax-error")
def test_syntax_error(functions: Functions) -> None:
    answer = functions.invoke("syntax-error")
    kind, message = failed(functions, answer, "syntax-error")
    assert kind == "Runtime.UserCodeSyntaxError"
    assert message.startswith("Syntax error in module 'app': ")
    assert "Line 1" in answer.payload["stackTrace"][0]


@pytest.mark.statement("lambda.marshal-error")
@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("give_set", "Object of type set is not JSON serializable"),
        ("give_circle", "Circular reference detected"),
        ("give_depth", "maximum recursion depth exceeded"),
    ],
)
def test_no_json(functions: Functions, action: str, message: str) -> None:
    kind, text = failed(functions, functions.do(action))
    assert kind == "Runtime.MarshalError"
    assert text.startswith(f"Unable to marshal response: {message}")


@pytest.mark.statement("lambda.marshal-error")
def test_json_of_a_kind(functions: Functions) -> None:
    assert math.isnan(functions.result("give_nan"))
    assert functions.result("give_bytes") == b"not json"


@pytest.mark.statement("lambda.timeout")
@pytest.mark.parametrize("action", ["hang", "close_sockets_and_hang"])
def test_timeout(functions: Functions, action: str) -> None:
    before = functions.result("look")["pid"]
    answer = functions.do(action)
    text = "Task timed out after 3.00 seconds"
    expected = {"errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: {answer.request_id} Error: {text}"}
    assert (answer.payload, answer.error) == (expected, "Unhandled")
    assert f"Z {answer.request_id} {text}\n" in answer.log
    assert answer.log.rstrip().endswith("Status: timeout")
    assert functions.result("look")["pid"] != before


@pytest.mark.statement("lambda.exit-error")
@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("exit_3", "Runtime exited with error: exit status 3"),
        ("exit_0", "Runtime exited without providing a reason"),
        ("quit_at_once", "Runtime exited with error: exit status 5"),
        ("base_exception", "Runtime exited with error: exit status 1"),
        ("interrupt", "Runtime exited with error: signal: interrupt"),
        ("abort", "Runtime exited with error: signal: aborted"),
        ("segfault", "Runtime exited with error: signal: segmentation fault"),
        ("kill", "Runtime exited with error: signal: killed"),
        ("fail_oddly", "Runtime exited with error: exit status 1"),
        ("give_surrogate", "Runtime exited with error: exit status 1"),
        ("close_descriptors", "Runtime exited with error: exit status 1"),
        ("garbage_on_every_descriptor", "Runtime exited with error: signal: killed"),
    ],
)
def test_the_process_ends(functions: Functions, action: str, reason: str) -> None:
    answer = functions.do(action)
    assert failed(functions, answer) == ("Runtime.ExitError", f"RequestId: {answer.request_id} Error: {reason}")
    assert set(answer.payload) == {"errorType", "errorMessage"}
    assert f"RequestId: {answer.request_id} Error: {reason}\nRuntime.ExitError\n" in answer.log
    assert "Status: error\tError Type: Runtime.ExitError" in answer.log


@pytest.mark.statement("lambda.exit-error", "lambda.init-limit")
def test_the_process_ends_at_import(functions: Functions) -> None:
    answer = functions.invoke("exits")
    reason = f"RequestId: {answer.request_id} Error: Runtime exited with error: exit status 2"
    assert failed(functions, answer, "exits") == ("Runtime.ExitError", reason)
    log = functions.log("exits")
    assert log.count("about to exit") == 2
    assert "Phase: init\tStatus: error\tError Type: Runtime.ExitError" in log


@pytest.mark.statement("lambda.response-size")
def test_response_size(functions: Functions) -> None:
    assert len(functions.result("give_much", size=6_291_554)) == 6_291_554
    answer = functions.do("give_much", size=7_000_000)
    expected = "Response payload size (7000002 bytes) exceeded maximum allowed payload size (6291556 bytes)."
    assert failed(functions, answer) == ("Function.ResponseSizeTooLarge", expected)
    answer = functions.do("fail_hugely", size=7_000_000)
    assert failed(functions, answer)[0] == "Function.ResponseSizeTooLarge"


@pytest.mark.statement("lambda.bad-functions")
def test_answers_that_are_none(functions: Functions) -> None:
    forged = functions.do("frame_on_every_descriptor")  # seen before its answer, or after
    assert forged.payload == "survived" or forged.payload["errorType"] == "Runtime.ExitError"
    assert functions.result("fork_and_both_return") == "parent"
    assert functions.invoke("actions", "next").payload == "next"


@pytest.mark.statement("lambda.bad-functions")
def test_a_function_changes_its_process(functions: Functions) -> None:
    assert functions.result("change_everything", "talkative") == {"CHANGED": "yes"}
    assert functions.result("seen_changes", "talkative") == ["/", {"CHANGED": "yes"}]
    assert functions.result("look", "actions")["environ"]["_HANDLER"] == "app.handler"
