"""Which route a request takes, stages, and what is answered where there is none."""

import pytest

from tests.conformance.http_api.client import Api


@pytest.mark.statement("http.route-priorities", "http.route-any")
@pytest.mark.parametrize(
    ("method", "target", "route"),
    [
        ("GET", "/pets/dog", "GET /pets/dog"),
        ("GET", "/pets/cat", "GET /pets/{pet}"),
        ("POST", "/pets/cat", "ANY /pets/{pet}"),
        ("POST", "/pets/dog", "ANY /pets/{pet}"),
        ("GET", "/pets/cat/toys", "GET /pets/{pet}/toys"),
        ("POST", "/pets/cat/toys", "ANY /pets/{proxy+}"),
        ("GET", "/pets/cat/toys/1", "ANY /pets/{proxy+}"),
        ("GET", "/pets", "$default"),
        ("PATCH", "/other", "$default"),
        ("GET", "/", "GET /"),
        ("POST", "/", "$default"),
        ("OPTIONS", "/echo", "ANY /echo"),
        ("GET", "/PETS/dog", "$default"),
        ("GET", "/pets/%64og", "GET /pets/dog"),
    ],
)
def test_the_most_specific_route_is_taken(plain: Api, method: str, target: str, route: str) -> None:
    event = plain.request(method, target).json
    assert event["routeKey"] == event["requestContext"]["routeKey"] == route


@pytest.mark.statement("http.greedy")
def test_a_greedy_variable_takes_the_rest_of_the_path(plain: Api) -> None:
    event = plain.get("/pets/a%20b/c/d").json
    assert event["pathParameters"] == {"proxy": "a b/c/d"}


@pytest.mark.statement("http.trailing-slash")
def test_a_trailing_slash_is_another_path(plain: Api, named: Api) -> None:
    event = plain.get("/echo/").json
    assert (event["routeKey"], event["rawPath"]) == ("$default", "/echo/")
    assert named.get("/live/echo/").status == 404


@pytest.mark.statement("http.no-route")
def test_without_a_route_it_is_404(named: Api, strict: Api) -> None:
    for answer in (named.get("/live/nothing"), strict.request("DELETE", "/echo"), strict.request("GET", "/act")):
        assert answer.shape == (404, '{"message":"Not Found"}')
        assert answer.header("content-type") == "application/json"
        assert answer.header("apigw-requestid")


@pytest.mark.statement("http.stages")
def test_a_named_stage_is_the_first_segment_of_the_path(named: Api, plain: Api) -> None:
    event = named.get("/live/echo").json
    assert (event["rawPath"], event["requestContext"]["stage"]) == ("/live/echo", "live")
    assert event["requestContext"]["http"]["path"] == "/live/echo"
    assert event["routeKey"] == "ANY /echo"
    for target in ("/live", "/live/"):
        assert named.get(target).json["routeKey"] == "GET /"
    for target in ("/echo", "/living/echo", "/LIVE/echo", "/"):
        assert named.get(target).shape == (404, '{"message":"Not Found"}')
    assert plain.get("/echo").json["requestContext"]["stage"] == "$default"


@pytest.mark.statement("http.stages")
def test_a_target_in_absolute_form_is_read_too(plain: Api) -> None:
    event = plain.get("http://other.example/echo/1?a=b").json
    assert (event["rawPath"], event["rawQueryString"]) == ("/echo/1", "a=b")
