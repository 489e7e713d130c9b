import pytest

from local.application import HttpRoute
from local.http_api.routes import RouteTable

TABLE = RouteTable(
    HttpRoute(key, key)
    for key in (
        "$default",
        "ANY /{proxy+}",
        "GET /pets/{proxy+}",
        "GET /pets/dog/{id}",
        "ANY /pets/dog/1",
        "GET /pets/dog/1",
        "GET /",
    )
)


@pytest.mark.parametrize(
    ("method", "path", "key", "variables"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1", {}),
        ("PUT", "/pets/dog/1", "ANY /pets/dog/1", {}),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}", {"id": "2"}),
        ("GET", "/pets/cat/1/x", "GET /pets/{proxy+}", {"proxy": "cat/1/x"}),
        ("POST", "/pets/cat", "ANY /{proxy+}", {"proxy": "pets/cat"}),
        ("GET", "/", "GET /", {}),
        ("POST", "/", "$default", {}),
        ("GET", "/pets/dog/a%20b%2Fc", "GET /pets/dog/{id}", {"id": "a b/c"}),
        ("GET", "/pets/dog/%F0%9F%98%80", "GET /pets/dog/{id}", {"id": "😀"}),
    ],
)
def test_the_most_specific_route_wins(method: str, path: str, key: str, variables: dict[str, str]) -> None:
    match = TABLE.match(method, path)
    assert match is not None
    assert (match.route.route_key, match.path_parameters) == (key, variables)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/pets/"), ("GET", "/pets"), ("POST", "/pets/1"), ("GET", "/pets/1/"), ("HEAD", "/pets/1"), ("GET", "/")],
)
def test_without_default_the_rest_is_not_found(method: str, path: str) -> None:
    assert RouteTable([HttpRoute("GET /pets/{id}", "f")]).match(method, path) is None


@pytest.mark.parametrize("key", ["pets", "GET", "GET pets", ""])
def test_a_broken_route_key_is_named(key: str) -> None:
    with pytest.raises(ValueError, match="route key"):
        RouteTable([HttpRoute(key, "f")])
