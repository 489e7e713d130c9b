"""The gateway's limits."""

from collections.abc import Mapping
from typing import Any

from chat4all.channels.channel import Rates

RATES = Rates(account=(1000.0, 1000), recipient=(1000.0, 1000))
RESERVE_MS = 5_000
TEXT_MAX = 160
DAY_MS = 24 * 3600 * 1000


def window(last_inbound_ms: int | None, now_ms: int, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Only who wrote within a day may be written to, but from a short number at any time."""
    if len(str(settings["number"])) <= 5:
        return {"class": "short"}
    return {} if last_inbound_ms is not None and now_ms - last_inbound_ms < DAY_MS else None
