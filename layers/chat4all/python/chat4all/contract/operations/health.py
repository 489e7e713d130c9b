"""/health."""

from chat4all.contract.documents.health import Alive, Readiness
from chat4all.contract.operation import Operation

_TAG = "Health"

OPERATIONS = (
    Operation("getHealth", "GET", "/health", _TAG, "Whether the process answers", {200: Alive}, is_open=True),
    Operation("getLiveness", "GET", "/health/live", _TAG, "The same as /health", {200: Alive}, is_open=True),
    Operation(
        "getReadiness",
        "GET",
        "/health/ready",
        _TAG,
        "Whether every dependency answers",
        {200: Readiness, 503: Readiness},
        is_open=True,
    ),
)
