"""How often the routes of a stage may be called.

Sources: docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html ("Throttling for WebSocket APIs")
and http-api-throttling.html ("Throttle requests to your HTTP APIs").
"""

from local.application import Throttle
from local.template.context import Properties

_LIMITS = ("ThrottlingRateLimit", "ThrottlingBurstLimit")
_WITHOUT_EFFECT = ("DataTraceEnabled", "DetailedMetricsEnabled", "LoggingLevel")
"""The stack keeps logs and counts itself."""
_NONE = Properties({}, ())


def route_throttle(stage: Properties, route_key: str) -> Throttle | None:
    """Return the throttle of a route: that of RouteSettings, else of DefaultRouteSettings; None where neither limits it."""
    known = (*_LIMITS, *_WITHOUT_EFFECT)
    default = stage.part("DefaultRouteSettings", known)
    routes = stage.part("RouteSettings")
    own = routes.part(route_key, known) if route_key in routes else _NONE
    rate, burst = (_limit(name, own, default) for name in _LIMITS)
    if rate is None and burst is None:
        return None
    if rate is None or burst is None:
        raise stage.error(
            f"{' and '.join(_LIMITS)} stand together", "RouteSettings" if own.values else "DefaultRouteSettings"
        )
    return Throttle(rate, int(burst))


def check_route_settings(stage: Properties, route_keys: set[str]) -> None:
    """Raise TemplateError for settings of a route that the API has not."""
    routes = stage.part("RouteSettings")
    for key in routes.values:
        if key not in route_keys:
            raise routes.error(f"the API has no route {key}", key)


def _limit(name: str, own: Properties, default: Properties) -> float | None:
    settings = own if name in own else default
    if name not in settings:
        return None
    text = settings.text(name)
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise settings.error(f"must be a number of at least 0, not {text!r}", name)
    return number
