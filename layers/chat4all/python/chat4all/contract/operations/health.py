"""/health."""

from chat4all.contract.operation import Operation

_TAG = "Health"

OPERATIONS = (
    Operation("getHealth", "GET", "/health", _TAG, "Whether the process answers", {200: None}, is_open=True),
    Operation("getLiveness", "GET", "/health/live", _TAG, "The same", {200: None}, is_open=True),
    Operation(
        "getReadiness",
        "GET",
        "/health/ready",
        _TAG,
        "Whether every dependency answers",
        {200: None, 503: None},
        is_open=True,
    ),
)
