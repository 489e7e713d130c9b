import json

import pytest

from local.lambda_service.failures import exit_reason, exited, response_too_large, timed_out


@pytest.mark.parametrize(
    ("wait_status", "words"),
    [
        (0, "Runtime exited without providing a reason"),
        (1 << 8, "Runtime exited with error: exit status 1"),
        (9, "Runtime exited with error: signal: killed"),
        (11 | 0x80, "Runtime exited with error: signal: segmentation fault"),
        (10, "Runtime exited with error: signal: signal 10"),
    ],
)
def test_exits_in_lambdas_words(wait_status: int, words: str) -> None:
    assert exit_reason(wait_status) == words
    assert json.loads(exited("id", wait_status).payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: id Error: {words}",
    }


def test_timeout_and_size() -> None:
    assert timed_out("id", 3).message == "RequestId: id Error: Task timed out after 3.00 seconds"
    assert response_too_large(7, 6).error_type == "Function.ResponseSizeTooLarge"


def test_words_about_a_request() -> None:
    assert exited("", 9).of_request("id") == exited("id", 9)
