"""The Bot API's errors as fates (core.telegram.org/bots/api, "Making requests"), from python-telegram-bot's classes."""

import re
from datetime import timedelta

from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from chat4all.channels.fates import Fate, Permanent, RecipientGone, ThrottledUntil, TryAgain

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{35}")
_TEXT_MAX = 300
_GONE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "user_is_deactivated")
_REFUSED_KINDS = (
    *("photo_invalid_dimensions", "image_process_failed", "photo_save_file_invalid", "photo_ext_invalid"),
    *("photo_content_type_invalid", "photo_invalid", "sticker_file_invalid", "sticker_invalid", "wrong file type"),
    *("video_content_type_invalid", "video_file_invalid", "voice_messages_forbidden", "receiving of voice messages"),
)
"""Telegram's words, in lower case: a photo's sides may be 10,000 in sum and 1 to 20 (sendPhoto); people may refuse voice."""


def fate_of(error: TelegramError) -> Fate:
    """The fate of a send that raised `error`; a chat that has moved (ChatMigrated) is followed and never comes here."""
    text = plain(error)
    match error:
        case RetryAfter():
            return ThrottledUntil(f"throttled: {text}", _seconds(error))
        case Forbidden():
            return RecipientGone(f"recipient_gone: {text}")
        case InvalidToken():
            return Permanent(f"account_refused: {text}")
        case BadRequest():  # A NetworkError by inheritance, so it comes first.
            gone = any(words in text.lower() for words in _GONE)
            return RecipientGone(f"recipient_gone: {text}") if gone else Permanent(f"refused: {text}")
        case Conflict():
            return Permanent(f"refused: {text}")
        case NetworkError():  # Also TimedOut, and every 5xx.
            too_large = "(413)" in text or "entity too large" in text.lower()
            return Permanent(f"too_large: {text}") if too_large else TryAgain(f"unreachable: {text}")
    return Permanent(f"refused: {text}")


def plain(error: TelegramError) -> str:
    """What Telegram says, short and without a token: a proxy's page of an error stands in it, which may show our URL."""
    return _TOKEN.sub("<token>", error.message)[:_TEXT_MAX]


def as_document(refusal: BadRequest) -> bool:
    """Whether it is the kind that was refused, and the same file may go as a document."""
    said = refusal.message.lower()
    return any(words in said for words in _REFUSED_KINDS)


def _seconds(error: RetryAfter) -> float:
    """`retry_after` is a timedelta or a number, as python-telegram-bot's PTB_TIMEDELTA says."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
