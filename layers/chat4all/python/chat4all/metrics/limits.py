"""Metrics of what is refused with 429."""

from chat4all.metrics.emission import count
from chat4all.metrics.labels import LIMITS
from chat4all.metrics.metric_list import LIMITS_REFUSED

_PACED = "outbound"
"""Of our own sends to channels, which wait for their turn: nobody is refused anything."""
_OF_TWO_WORDS = "sign-in"


def count_refused(bucket: str) -> None:
    """`bucket` is the key of a rate limit: what is limited, a colon, and who (`send:<user id>`, `sign-in:address:<network>`)."""
    words = bucket.split(":", 2)
    if words[0] != _PACED:
        name = "_".join(words[: 2 if words[0] == _OF_TWO_WORDS else 1]).replace("-", "_")
        count(LIMITS_REFUSED, name if name in LIMITS else "other")
