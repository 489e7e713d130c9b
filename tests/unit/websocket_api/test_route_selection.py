import pytest

from local.application import WebSocketRoute
from local.websocket_api.route_selection import check_expression, select_route

ROUTES = {key: WebSocketRoute(key, "f") for key in ("$connect", "$disconnect", "$default", "send", "5", "true")}


@pytest.mark.parametrize(
    ("message", "key"),
    [
        ('{"action": "send"}', "send"),
        ('{"action": 5}', "5"),
        ('{"action": true}', "true"),
        ('{"action": "other"}', "$default"),
        ('{"action": null}', "$default"),
        ('{"action": {"send": 1}}', "$default"),
        ('{"action": "$connect"}', "$default"),
        ('{"action": "$disconnect"}', "$default"),
        ("[]", "$default"),
        ("hello", "$default"),
        ("", "$default"),
        ("[" * 100_000, "$default"),
    ],
)
def test_a_message_goes_to_the_route_it_names_or_to_default(message: str, key: str) -> None:
    route = select_route("$request.body.action", ROUTES, message)
    assert route is not None
    assert route.route_key == key


def test_an_expression_may_go_deeper() -> None:
    route = select_route("${request.body.header.kind}", ROUTES, '{"header": {"kind": "send"}}')
    assert route is not None
    assert route.route_key == "send"


def test_without_default_there_may_be_no_route() -> None:
    assert select_route("$request.body.action", {"send": ROUTES["send"]}, "{}") is None


@pytest.mark.parametrize(
    "expression", ["", "$request.header.x", "request.body.action", "$request.body.", "$request.body"]
)
def test_other_expressions_are_named(expression: str) -> None:
    with pytest.raises(ValueError, match="route selection expression"):
        check_expression(expression)
