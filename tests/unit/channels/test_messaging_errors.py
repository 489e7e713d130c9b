"""Errors of the Send API and what becomes of the send."""

import pytest

from chat4all.channels.fates import Fate, Permanent, RecipientGone, ThrottledUntil, TryAgain
from chat4all.channels.instagram import errors as instagram
from chat4all.channels.messenger import errors as messenger
from chat4all.channels.meta.errors import Failure

TABLE: list[tuple[int | None, int | None, int | None, type[Fate], str]] = [
    (500, 1, None, TryAgain, "unreachable"),
    (400, 2, None, TryAgain, "unreachable"),
    (503, None, None, TryAgain, "unreachable"),
    (None, None, None, TryAgain, "unreachable"),
    (400, 1200, None, TryAgain, "unreachable"),
    (400, 100, 2018294, TryAgain, "media"),
    (400, 4, None, ThrottledUntil, "throttled"),
    (400, 17, None, ThrottledUntil, "throttled"),
    (400, 32, None, ThrottledUntil, "throttled"),
    (400, 613, None, ThrottledUntil, "throttled"),
    (400, 80007, None, ThrottledUntil, "throttled"),
    (429, None, None, ThrottledUntil, "throttled"),
    (400, 10, 2018278, Permanent, "window_closed"),
    (400, 10, None, Permanent, "account_refused"),
    (401, 190, None, Permanent, "account_refused"),
    (403, 200, None, Permanent, "account_refused"),
    (400, 368, None, Permanent, "account_refused"),
    (400, 100, None, Permanent, "refused"),
    (400, 100, 2018109, Permanent, "too_large"),
    (400, 100, 2018001, RecipientGone, "recipient_gone"),
    (400, 551, 1545041, RecipientGone, "unavailable"),
    (400, 200, 1545041, RecipientGone, "unavailable"),
    (400, 10, 2018108, RecipientGone, "unavailable"),
]


@pytest.mark.parametrize(("status", "code", "subcode", "fate", "word"), TABLE)
def test_fate(status: int | None, code: int | None, subcode: int | None, fate: type[Fate], word: str) -> None:
    failure = Failure("Meta's words", status, code, subcode)
    found = messenger.fate_of(failure)
    assert type(found) is fate
    assert found.reason == f"{word}: Meta's words"
    assert instagram.fate_of(failure) == found


def test_retry_after_is_honoured() -> None:
    assert messenger.fate_of(Failure("slow down", 400, 613, wait_s=77.0)) == ThrottledUntil(
        "throttled: slow down", 77.0
    )


def test_what_meta_calls_transient_comes_again() -> None:
    assert isinstance(messenger.fate_of(Failure("odd", 400, 100, is_transient=True)), TryAgain)
