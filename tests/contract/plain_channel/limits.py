"""No limits."""

from collections.abc import Mapping
from typing import Any

from chat4all.channels.channel import Rates

RATES = Rates((1000.0, 10_000), (1000.0, 10_000))
RESERVE_MS = 1_000


def window(last_inbound_ms: int | None, now_ms: int, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Always open."""
    return {}
