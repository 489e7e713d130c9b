"""What the Invoke API refuses before any code of a function runs."""

from local.invocation import FunctionNotFound, TooManyRequests

__all__ = ["FunctionNotFound", "InvalidRequestContent", "PayloadTooLarge", "TooManyRequests", "UnsupportedFunction"]


class PayloadTooLarge(Exception):
    """The event is over the limit of its invocation type: RequestTooLargeException."""


class InvalidRequestContent(Exception):
    """The event is no JSON: InvalidRequestContentException."""


class UnsupportedFunction(Exception):
    """The stack cannot run this function (another runtime than Python, or no code folder)."""
