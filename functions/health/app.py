"""/health: whether the process lives, and whether it can work."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.health  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.http.api import Api, json_response

api = Api("health")
handler = api.handle

FRESH = {"Cache-Control": "no-store"}


@api.get("/health")
@api.get("/health/live")
def live() -> dict[str, Any]:
    """200 as long as the process answers, whatever it depends on."""
    return {"status": "ok"}


@api.get("/health/ready")
def ready() -> Response[str]:
    """200 when every dependency answers, else 503; names each with its state."""
    is_ready, document = app().health.ready()
    return json_response(200 if is_ready else 503, document, FRESH)
