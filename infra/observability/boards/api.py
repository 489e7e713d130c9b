"""The HTTP API: at the gateway, which is what callers see, and in the functions."""

from chat4all.metrics import metric_list as m
from infra.observability.metrics import BY_NAME
from infra.observability.panels import Board, counted, timed

BOARD = Board(
    "api",
    "Chat4All: HTTP API",
    (
        counted("Answers of the gateway", BY_NAME["aws_apigateway_requests_total"], "status", api="http"),
        timed("Latency at the gateway", BY_NAME["aws_apigateway_request_seconds"], api="http"),
        counted("Requests by function", m.HTTP_REQUESTS, "function"),
        counted("Errors of ours by function", m.HTTP_REQUESTS, "function", status="5xx"),
        timed("Latency in the handler", m.HTTP_REQUEST_SECONDS, "function"),
        counted("Refused by a rate limit", m.LIMITS_REFUSED, "limit"),
        counted("Refused for want of time or storage", m.REQUESTS_SHED, "cause"),
    ),
)
