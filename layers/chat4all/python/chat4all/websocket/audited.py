"""Recording what WebSocket actions were refused: as HTTP functions do it (http.audited)."""

from collections.abc import Mapping
from typing import Any

from chat4all.errors import Forbidden, NotFound

_KINDS = {403: Forbidden, 404: NotFound}


def record_denied(context: Mapping[str, Any], reply: Mapping[str, Any]) -> None:
    """Record a reply that says 403 or 404. `context`: the requestContext of the event."""
    problem = reply.get("error") or {}
    kind = _KINDS.get(problem.get("status", 0))
    if kind is None:
        return
    from chat4all.domain.audit import Origin  # where there is something to record
    from chat4all.http.audited import denied

    identity = context.get("identity") or {}
    connection = str(context["connectionId"])
    origin = Origin(identity.get("sourceIp"), identity.get("userAgent"), context.get("requestId"), connection)
    error = kind(problem["detail"], code=problem["code"])
    denied(context["authorizer"]["user_id"], "websocket", str(context.get("routeKey")), origin, error)
