from typing import Any

import pytest

from local.application import Throttle
from local.template.context import Properties
from local.template.errors import TemplateError
from local.template.throttles import check_route_settings, route_throttle


def limits(rate: Any, burst: Any) -> dict[str, Any]:
    return {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}


def stage(**values: Any) -> Properties:
    return Properties(values, ("Stage",))


def test_the_settings_of_a_route_go_over_those_of_the_stage() -> None:
    both = stage(
        DefaultRouteSettings=limits(10, 5), RouteSettings={"a": limits("0.5", 2), "b": {"LoggingLevel": "INFO"}}
    )
    assert route_throttle(both, "a") == Throttle(0.5, 2)
    assert route_throttle(both, "b") == Throttle(10, 5)
    assert route_throttle(both, "c") == Throttle(10, 5)
    assert route_throttle(stage(), "a") is None
    assert route_throttle(stage(DefaultRouteSettings={"DataTraceEnabled": True}), "a") is None


@pytest.mark.parametrize("settings", [limits(-1, 1), limits("many", 1), {"ThrottlingRateLimit": 1}, {"Throttling": 1}])
def test_what_cannot_be_a_limit_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(TemplateError):
        route_throttle(stage(DefaultRouteSettings=settings), "a")


def test_settings_name_routes_of_the_api() -> None:
    check_route_settings(stage(RouteSettings={"a": {}}), {"a"})
    with pytest.raises(TemplateError, match="no route b"):
        check_route_settings(stage(RouteSettings={"b": {}}), {"a"})
