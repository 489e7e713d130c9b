"""What a gateway needs of Lambda: one synchronous invocation (Invoke API, RequestResponse)."""

from typing import Protocol


class InvokeResult(Protocol):
    """The answer of one invocation that Lambda accepted, whether the function succeeded or not."""

    @property
    def payload(self) -> bytes:
        """JSON of what the function returned, or of its error {errorMessage, errorType, ...}."""

    @property
    def function_error(self) -> str | None:
        """`X-Amz-Function-Error`: None when the function succeeded."""


class Invoke(Protocol):
    """Invokes functions by name. Waits until the function has answered; may be called concurrently.

    A function that fails or times out is a result with `function_error`, not an exception. A caller that stops waiting
    does not stop the function.
    """

    async def invoke(self, name: str, payload: bytes) -> InvokeResult:
        """Raises FunctionNotFound, TooManyRequests."""


class FunctionNotFound(Exception):
    """No function has that name: ResourceNotFoundException of the Invoke API."""


class TooManyRequests(Exception):
    """The function's or the account's concurrency is used up: TooManyRequestsException of the Invoke API."""
