import pytest

from local.console.guard import is_loopback, refusal

OWN = {"Host": "127.0.0.1:8080", "Origin": "http://127.0.0.1:8080", "Content-Type": "application/json; charset=utf-8"}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:1", "LOCALHOST", "[::1]:8080", "[::1]"])
def test_names_of_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "127.0.0.2:80", "127.0.0.1:80:80"]
)
def test_other_names(host: str) -> None:
    assert not is_loopback(host)


def test_the_own_page_may() -> None:
    assert refusal("POST", OWN, upgrade=False) is None


def test_reading_needs_no_origin_but_a_live_connection_does() -> None:
    assert refusal("GET", {"Host": "localhost"}, upgrade=False) is None
    assert refusal("GET", {"Host": "localhost"}, upgrade=True) is not None
    assert refusal("GET", {"Host": "localhost", "Origin": "http://localhost"}, upgrade=True) is None


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Origin": "http://127.0.0.1:8081"}, 403),
        ({"Origin": "https://127.0.0.1:8080"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "text/plain; application/json"}, 415),
    ],
)
def test_what_differs_is_refused(change: dict[str, str], status: int) -> None:
    refused = refusal("POST", OWN | change, upgrade=False)
    assert refused is not None
    assert refused[0] == status
