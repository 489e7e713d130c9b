"""The Graph API's errors as fates (developers.facebook.com/docs/graph-api/guides/error-handling).

What the three channels share; each channel's own table comes first. Codes are told as Meta recommends: by `code` and
`error_subcode`, never by the text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chat4all.channels.fates import Fate, NotSent, Permanent, RecipientGone, ThrottledUntil, TryAgain

_TEXT_MAX = 500
_PAUSE_S = 5.0
"""Where the API is asked too much and does not say until when."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that did not succeed."""

    text: str
    status: int | None = None
    """HTTP status; None: there was no answer."""
    code: int | None = None
    subcode: int | None = None
    is_transient: bool = False
    wait_s: float | None = None
    """How long the provider says to wait."""


class GraphError(NotSent):
    """A call of the Graph API failed; `fate` is the base's, until a channel says more by `fate_of`."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(fate_of(failure))
        self.failure = failure


Meaning = Callable[[Failure], Fate]
Meanings = Mapping[int | tuple[int, int], Meaning]
"""By code, or by code and subcode, which goes first."""


def again(word: str) -> Meaning:
    """The same may succeed later."""
    return lambda failure: TryAgain(f"{word}: {failure.text}")


def throttled(word: str, wait_s: float = _PAUSE_S) -> Meaning:
    """Not before the provider's Retry-After, else `wait_s`."""
    return lambda failure: ThrottledUntil(f"{word}: {failure.text}", failure.wait_s or wait_s)


def permanent(word: str) -> Meaning:
    """Never."""
    return lambda failure: Permanent(f"{word}: {failure.text}")


def gone(word: str = "recipient_gone") -> Meaning:
    """This recipient cannot be reached."""
    return lambda failure: RecipientGone(f"{word}: {failure.text}")


BASE: Meanings = {
    0: permanent("account_refused"),  # AuthException
    2: again("unreachable"),  # temporary, downtime
    3: permanent("account_refused"),  # capability or permission
    4: throttled("throttled"),  # calls of the app
    10: permanent("account_refused"),  # permission not granted
    17: throttled("throttled"),  # calls of the user
    32: throttled("throttled"),  # calls of the page
    102: permanent("account_refused"),  # session
    190: permanent("account_refused"),  # access token expired, revoked or malformed
    368: permanent("account_refused"),  # blocked for violating policies
    613: throttled("throttled"),  # a custom rate limit
    80007: throttled("throttled"),  # calls of the business account
}
_PERMISSIONS = range(200, 300)


def fate_of(failure: Failure, meanings: Meanings | None = None) -> Fate:
    """The fate by `meanings`, else by what Meta's channels share, else by HTTP status and `is_transient`."""
    for table in (meanings or {}, BASE):
        found = _meaning(failure, table)
        if found is not None:
            return found(failure)
    if failure.status == 429:
        return throttled("throttled")(failure)
    if failure.status is None or failure.status >= 500 or failure.is_transient:
        return again("unreachable")(failure)
    if failure.code in _PERMISSIONS or failure.status == 401:
        return permanent("account_refused")(failure)
    return permanent("refused")(failure)


def _meaning(failure: Failure, table: Meanings) -> Meaning | None:
    if failure.code is None:
        return None
    if failure.subcode is not None and (failure.code, failure.subcode) in table:
        return table[failure.code, failure.subcode]
    return table.get(failure.code)


def read_error(error: Any, *, status: int | None = None, wait_s: float | None = None) -> Failure:
    """A failure from an error object, of an answer's `error` or of a webhook's `errors[]`, whatever its shape.

    The text is the most telling one: `error_data.details`, `error_user_msg`, else `message` or `title`, with the code.
    """
    if not isinstance(error, Mapping):
        return Failure(f"HTTP {status}" if status else "unknown", status, wait_s=wait_s)
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, Mapping) else None
    words = (details, error.get("error_user_msg"), error.get("message"), error.get("title"))
    said = next((word for word in words if isinstance(word, str) and word.strip()), f"HTTP {status}")
    numbers = "/".join(str(number) for number in (code, subcode) if number is not None)
    text = f"{said} ({numbers})" if numbers else said
    return Failure(text[:_TEXT_MAX], status, code, subcode, error.get("is_transient") is True, wait_s)


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
