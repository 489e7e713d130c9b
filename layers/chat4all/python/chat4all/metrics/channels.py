"""Metrics of calls to providers."""

import time
from collections.abc import Callable
from typing import TypeVar

from chat4all.channels.fates import NotSent, Permanent, RecipientGone, ThrottledUntil, is_fault_of_provider
from chat4all.metrics.emission import count, observe
from chat4all.metrics.metric_list import CHANNEL_SEND_SECONDS, CHANNEL_SENDS, MESSAGE_LATENCY

Result = TypeVar("Result")


def measured(channel: str, call: Callable[[], Result]) -> Result:
    """What `call` returns; raises what it raises. Its time and its fate are counted."""
    began, outcome = time.perf_counter(), "try_again"
    try:
        result = call()
        outcome = "sent"
        return result
    except NotSent as error:
        outcome = _outcome(error)
        raise
    finally:
        count(CHANNEL_SENDS, channel, outcome)
        observe(CHANNEL_SEND_SECONDS, time.perf_counter() - began, channel, outcome)


def observe_message(seconds: float) -> None:
    """So long after its acceptance a provider took a message."""
    observe(MESSAGE_LATENCY, seconds, "provider")


def _outcome(error: NotSent) -> str:
    """As metrics.labels.FATES."""
    fate = error.fate
    if is_fault_of_provider(fate):
        return fate.reason.partition(":")[0]
    if isinstance(fate, ThrottledUntil):
        return "throttled"
    if isinstance(fate, RecipientGone):
        return "recipient_gone"
    return "permanent" if isinstance(fate, Permanent) else "try_again"
