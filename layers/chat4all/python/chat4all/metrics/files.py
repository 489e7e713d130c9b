"""Metrics of files that come to an end of their beginning."""

from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import FILE_BYTES, FILES


def count_completed(size: int) -> None:
    """A file has all its bytes, and they are verified."""
    count(FILES, "completed")
    count(FILE_BYTES, number=size)


def count_failed() -> None:
    """A file will never be completed."""
    count(FILES, "failed")
