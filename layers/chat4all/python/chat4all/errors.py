"""What can go wrong for a caller. `http.problem` maps each to a status; the WebSocket API answers the same document."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with an input; `pointer` is a JSON Pointer (RFC 6901) into the body (of a WebSocket, the frame),
    `?name` for a parameter, or the name of a header."""

    pointer: str
    detail: str


class DomainError(Exception):
    """Base of errors that a caller is told about. `code` is a stable word."""

    code = "error"

    def __init__(self, detail: str, *, code: str | None = None, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        if code is not None:
            self.code = code


class Invalid(DomainError):
    """The input is wrong; `errors` says where."""

    code = "invalid"

    @classmethod
    def at(cls, pointer: str, detail: str, code: str = "invalid") -> "Invalid":
        """One thing is wrong, at `pointer`."""
        return cls(f"{pointer}: {detail}", code=code, errors=(FieldError(pointer, detail),))


class TooLarge(DomainError):
    """The input is larger than anything that is taken."""

    code = "too_large"


class Unauthenticated(DomainError):
    """No valid credentials."""

    code = "unauthenticated"


class Forbidden(DomainError):
    """The caller is known and may see the thing, but may not do this to it."""

    code = "forbidden"


class NotFound(DomainError):
    """It does not exist, or the caller may not know that it does."""

    code = "not_found"


class MethodNotAllowed(DomainError):
    """It is there, and takes `allow` only (RFC 9110, 15.5.6)."""

    code = "method_not_allowed"

    def __init__(self, detail: str, *, allow: tuple[str, ...]) -> None:
        super().__init__(detail)
        self.allow = allow


class Conflict(DomainError):
    """It exists already, or its state does not allow this."""

    code = "conflict"


class PartsMissing(Conflict):
    """An upload cannot be completed yet; `numbers` are its first parts that are not there."""

    code = "parts_missing"

    def __init__(self, detail: str, *, numbers: tuple[int, ...]) -> None:
        super().__init__(detail)
        self.numbers = numbers


class RateLimited(DomainError):
    """Too many; try again after `retry_after_s`."""

    code = "rate_limited"

    def __init__(self, detail: str, *, retry_after_s: float, limit: int, window_s: float) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
        self.limit = limit
        self.window_s = window_s


class Unavailable(DomainError):
    """A dependency does not answer. Try again after `retry_after_s`.

    Of a send it is not known whether it was written: with the same `message_id` it is accepted once.
    """

    code = "unavailable"

    def __init__(self, detail: str, *, retry_after_s: float = 1.0, message_id: str | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
        self.message_id = message_id


class Overloaded(Unavailable):
    """Refused before anything was tried, because it would most likely fail or come too late."""

    code = "overloaded"
