"""Values of a payload as they can be stored, whoever wrote it. What is none raises TypeError, ValueError or OverflowError."""

from typing import Any


def text_of(value: Any) -> str:
    """A text; what is no Unicode in it is replaced."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value.encode(errors="replace").decode()


def count_of(value: Any) -> int:
    """A size, a time in seconds, and the like: Telegram's have at most 52 significant bits."""
    number = _whole(value)
    if not 0 <= number < 2**53:
        raise ValueError("no number of Telegram's")
    return number


def id_of(value: Any) -> str:
    """An id as text; Telegram's have at most 52 significant bits (Bot API, User.id)."""
    number = _whole(value)
    if abs(number) >= 2**63:
        raise ValueError("no id of Telegram's")
    return str(number)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError("not a whole number")
    return int(value)
