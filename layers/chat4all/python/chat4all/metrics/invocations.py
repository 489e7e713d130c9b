"""Metrics of invocations, by what asks for them."""

from chat4all.invocation import HTTP, KAFKA
from chat4all.metrics.emission import count, observe
from chat4all.metrics.metric_list import BATCH_SECONDS, HTTP_REQUEST_SECONDS, HTTP_REQUESTS


def count_invocation(service: str, source: str, status: int, seconds: float) -> None:
    """An invocation of the function `service` has ended, well or not; `status` is that of an HTTP answer."""
    if source == HTTP:
        labels = service, f"{status // 100}xx"
        count(HTTP_REQUESTS, *labels)
        observe(HTTP_REQUEST_SECONDS, seconds, *labels)
    elif source == KAFKA:
        observe(BATCH_SECONDS, seconds, service)
