"""The gateway's errors as fates."""

from chat4all.channels.fates import Fate, Permanent, RecipientGone, ThrottledUntil, TryAgain


def fate_of(status: int, text: str, retry_after_s: float) -> Fate:
    """By HTTP status; 0: it was not reached."""
    match status:
        case 429:
            return ThrottledUntil(f"throttled: {text}", retry_after_s)
        case 410:
            return RecipientGone(f"recipient_gone: {text}")
        case 0 | 500 | 502 | 503:
            return TryAgain(f"unreachable: {text}")
        case 401:
            return Permanent(f"account_refused: {text}")
    return Permanent(f"refused: {text}")
