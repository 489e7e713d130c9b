"""Which fate each error of the Bot API has."""

from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from chat4all.channels.fates import Permanent, RecipientGone, ThrottledUntil, TryAgain
from chat4all.channels.telegram.errors import fate_of

CASES = [
    (TimedOut(), TryAgain, "unreachable"),
    (NetworkError("httpx.ConnectError: refused"), TryAgain, "unreachable"),
    (NetworkError("Bad Gateway (502)"), TryAgain, "unreachable"),
    (NetworkError("Request Entity Too Large (413)"), Permanent, "too_large"),
    (BadRequest("Message text is empty"), Permanent, "refused"),
    (BadRequest("Message is too long"), Permanent, "refused"),
    (BadRequest("Chat not found"), RecipientGone, "recipient_gone"),
    (BadRequest("PEER_ID_INVALID"), RecipientGone, "recipient_gone"),
    (Forbidden("Forbidden: bot was blocked by the user"), RecipientGone, "recipient_gone"),
    (Forbidden("Forbidden: user is deactivated"), RecipientGone, "recipient_gone"),
    (InvalidToken("Unauthorized"), Permanent, "account_refused"),
    (Conflict("terminated by other getUpdates request"), Permanent, "refused"),
    (EndPointNotFound("no such method"), Permanent, "refused"),
    (TelegramError("something new"), Permanent, "refused"),
]


@pytest.mark.parametrize(("error", "fate", "word"), CASES, ids=lambda value: str(value))
def test_fate(error: TelegramError, fate: type, word: str) -> None:
    found = fate_of(error)
    assert type(found) is fate
    assert found.reason.startswith(f"{word}: ")


@pytest.mark.parametrize("wait", [3, timedelta(seconds=3)])
def test_a_throttle_says_how_long(wait: int | timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    found = fate_of(RetryAfter(wait))
    assert isinstance(found, ThrottledUntil)
    assert found.wait_s == 3.0
