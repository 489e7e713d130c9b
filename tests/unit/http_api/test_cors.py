import pytest

from local.application import Cors
from local.http_api.cors import override, preflight
from tests.unit.http_api.conftest import make_request

CORS = Cors(("https://a.example", "http://*"), ("GET", "POST"), ("authorization",), ("x-total",), 600, True)


def preflight_headers(cors: Cors, origin: str) -> dict[str, str]:
    headers = [("origin", origin), ("access-control-request-method", "GET")]
    response = preflight(cors, make_request("OPTIONS", headers=headers))
    assert response is not None
    assert response.status == 204
    return dict(response.headers)


def test_a_preflight_is_answered_for_an_allowed_origin() -> None:
    assert preflight_headers(CORS, "https://a.example") == {
        "access-control-allow-origin": "https://a.example",
        "vary": "origin",
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization",
        "access-control-max-age": "600",
    }
    assert preflight_headers(Cors(("*",)), "https://x") == {"access-control-allow-origin": "*"}


def test_another_origin_gets_no_cors_headers() -> None:
    assert preflight_headers(CORS, "https://b.example") == {}
    assert preflight_headers(CORS, "http://b.example")["access-control-allow-origin"] == "http://b.example"


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("OPTIONS", [("origin", "https://a.example")]),
        ("OPTIONS", [("access-control-request-method", "GET")]),
        ("GET", [("origin", "https://a.example"), ("access-control-request-method", "GET")]),
    ],
)
def test_other_requests_are_no_preflight(method: str, headers: list[tuple[str, str]]) -> None:
    assert preflight(CORS, make_request(method, headers=headers)) is None


def test_the_functions_cors_headers_are_ignored() -> None:
    own = [("access-control-allow-origin", "*"), ("x-total", "1")]
    assert override(CORS, make_request(), own) == [("x-total", "1")]
    assert override(CORS, make_request(headers=[("origin", "https://a.example")]), own) == [
        ("x-total", "1"),
        ("access-control-allow-origin", "https://a.example"),
        ("vary", "origin"),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "x-total"),
    ]
