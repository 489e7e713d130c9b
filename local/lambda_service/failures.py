"""What Lambda answers when the function could not: payloads as the Invoke API gives them with X-Amz-Function-Error."""

import json
import os
import signal
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Failure:
    """An invocation that Lambda itself ended."""

    error_type: str
    message: str
    status: str
    """Status of the REPORT line: `timeout` or `error`."""

    def of_request(self, request_id: str) -> "Failure":
        """The same with the request's id in its words, as Lambda words everything that it ends within an invocation."""
        text = self.message.partition("Error: ")[2] or self.message
        return replace(self, message=f"RequestId: {request_id} Error: {text}")

    @property
    def payload(self) -> bytes:
        return json.dumps({"errorType": self.error_type, "errorMessage": self.message}, separators=(",", ":")).encode()


def timed_out(request_id: str, timeout_s: float) -> Failure:
    text = f"RequestId: {request_id} Error: Task timed out after {timeout_s:.2f} seconds"
    return Failure("Sandbox.Timedout", text, "timeout")


def exited(request_id: str, wait_status: int) -> Failure:
    """`wait_status` as os.waitpid gives it."""
    return Failure("Runtime.ExitError", f"RequestId: {request_id} Error: {exit_reason(wait_status)}", "error")


def exit_reason(wait_status: int) -> str:
    """Lambda's words: `exit status 1`, `signal: killed`; a clean exit is `exited without providing a reason`."""
    if os.WIFSIGNALED(wait_status):
        return f"Runtime exited with error: signal: {_signal_name(os.WTERMSIG(wait_status))}"
    code = os.waitstatus_to_exitcode(wait_status)
    return f"Runtime exited with error: exit status {code}" if code else "Runtime exited without providing a reason"


def _signal_name(number: int) -> str:
    """Names as Go's syscall package has them, which Lambda is written in."""
    known = {
        signal.SIGKILL: "killed",
        signal.SIGTERM: "terminated",
        signal.SIGINT: "interrupt",
        signal.SIGABRT: "aborted",
        signal.SIGSEGV: "segmentation fault",
        signal.SIGBUS: "bus error",
        signal.SIGHUP: "hangup",
    }
    return known.get(signal.Signals(number), f"signal {number}") if number in signal.valid_signals() else f"{number}"


def response_too_large(size: int, limit: int) -> Failure:
    text = f"Response payload size ({size} bytes) exceeded maximum allowed payload size ({limit} bytes)."
    return Failure("Function.ResponseSizeTooLarge", text, "error")
