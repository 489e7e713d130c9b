"""CORS that the gateway answers itself."""

import json

import pytest

from tests.conformance.http_api.client import Answer, Api

ORIGIN = {"Origin": "https://a.example"}
PREFLIGHT = {**ORIGIN, "Access-Control-Request-Method": "GET"}


def cors_headers(answer: Answer) -> dict[str, str]:
    found = [(name, value) for name, value in answer.headers if name.startswith("access-control-")]
    assert len(found) == len(dict(found)), found
    return dict(found)


ALLOWED = {
    "access-control-allow-origin": "https://a.example",
    "access-control-allow-methods": "GET,POST",
    "access-control-allow-headers": "authorization,x-kind",
    "access-control-max-age": "300",
    "access-control-allow-credentials": "true",
}


@pytest.mark.statement("http.cors-preflight")
@pytest.mark.parametrize("target", ["/echo", "/nothing", "/mine"])
def test_preflights_are_answered_without_the_function(strict: Api, target: str) -> None:
    """On a route of the function for OPTIONS, on none, and on one that wants a token."""
    answer = strict.request("OPTIONS", target, None, PREFLIGHT)
    assert answer.shape == (204, "")
    assert cors_headers(answer) == ALLOWED
    assert answer.header("apigw-requestid")


@pytest.mark.statement("http.cors-preflight")
@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
def test_what_is_not_allowed_is_for_the_browser_to_refuse(strict: Api, method: str) -> None:
    asked = {**ORIGIN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "x-other"}
    answer = strict.request("OPTIONS", "/echo", None, asked)
    assert (answer.status, cors_headers(answer)) == (204, ALLOWED)


@pytest.mark.statement("http.cors-origin")
def test_other_origins_get_no_cors_headers(strict: Api) -> None:
    for origin in ("https://b.example", "https://a.example.evil", "null", "https://a.example:444"):
        preflight = strict.request("OPTIONS", "/echo", None, {**PREFLIGHT, "Origin": origin})
        assert (preflight.status, cors_headers(preflight)) == (204, {})
        request = strict.get("/echo", {"Origin": origin})
        assert (request.status, cors_headers(request)) == (200, {})


@pytest.mark.statement("http.cors-origin")
def test_a_scheme_with_a_star_allows_all_its_origins(strict: Api) -> None:
    for origin in ("http://b.example", "http://localhost:3000"):
        assert strict.get("/echo", {"Origin": origin}).header("access-control-allow-origin") == origin


@pytest.mark.statement("http.cors-preflight")
def test_options_without_the_headers_of_a_preflight_go_to_the_route(strict: Api, named: Api) -> None:
    assert strict.request("OPTIONS", "/echo", None, ORIGIN).shape == (200, "null")
    assert strict.request("OPTIONS", "/echo", None, {"Access-Control-Request-Method": "GET"}).shape == (200, "null")
    assert strict.request("OPTIONS", "/act", None, ORIGIN).status == 404
    assert named.request("OPTIONS", "/live/echo").json["requestContext"]["http"]["method"] == "OPTIONS"


@pytest.mark.statement("http.cors-override")
def test_the_function_s_cors_headers_are_ignored(strict: Api) -> None:
    headers = {
        "Access-Control-Allow-Origin": "*",
        "access-control-max-age": "1",
        "Access-Control-Expose-Headers": "x-b",
    }
    body = json.dumps({"answer": {"statusCode": 200, "headers": headers}})
    json_type = {"content-type": "application/json"}
    answer = strict.request("POST", "/act", body, {**json_type, **ORIGIN})
    assert cors_headers(answer) == {
        "access-control-allow-origin": "https://a.example",
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "x-shown",
    }
    assert cors_headers(strict.request("POST", "/act", body, json_type)) == {}


@pytest.mark.statement("http.cors-override")
def test_without_cors_the_function_s_headers_stay(plain: Api) -> None:
    answer = plain.answers({"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}})
    assert cors_headers(answer) == {"access-control-allow-origin": "*"}
    assert plain.request("OPTIONS", "/echo", None, PREFLIGHT).json["routeKey"] == "ANY /echo"


@pytest.mark.statement("http.cors-errors")
def test_errors_of_the_gateway_have_cors_headers_too(strict: Api) -> None:
    for target, status in (("/nothing", 404), ("/mine", 401)):
        answer = strict.get(target, ORIGIN)
        assert (answer.status, answer.header("access-control-allow-origin")) == (status, "https://a.example")


@pytest.mark.statement("http.cors-wildcard")
def test_a_star_allows_everyone_without_credentials(named: Api) -> None:
    answer = named.request("OPTIONS", "/live/echo", None, {**PREFLIGHT, "Origin": "https://whoever.example"})
    assert cors_headers(answer) == {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "*",
        "access-control-allow-headers": "*",
    }
    assert cors_headers(named.get("/live/echo", ORIGIN)) == {"access-control-allow-origin": "*"}
