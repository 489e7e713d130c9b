"""What of a call's metadata goes on."""

import pytest

from chat4all.http.viewer import viewer_address
from edge import callers

SECRET = "only ours"


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("ipv4:192.0.2.1:5000", "192.0.2.1"),
        ("ipv6:%5B2001:db8::1%5D:5000", "2001:db8::1"),
        ("ipv6:[::ffff:192.0.2.1]:5000", "192.0.2.1"),
        ("ipv6:%5Bfe80::1%25eth0%5D:5000", "fe80::1"),
        ("unix:/tmp/socket", None),
        ("ipv4:nonsense", None),
        ("", None),
    ],
)
def test_addresses_of_peers(peer: str, address: str | None) -> None:
    assert callers.peer_address(peer) == address


def test_the_api_sees_the_caller_and_not_the_edge() -> None:
    sent = callers.headers((("authorization", "Bearer a"),), "ipv4:192.0.2.1:5000", SECRET)
    assert sent["authorization"] == "Bearer a"
    assert viewer_address("10.0.0.1", sent, SECRET) == "192.0.2.1"
    assert callers.headers((), "ipv4:192.0.2.1:5000", "") == {}


def test_nobody_says_who_they_are_in_the_name_of_the_edge() -> None:
    metadata = (
        ("true-client-ip", "203.0.113.9"),
        ("x-origin-verify", "guess"),
        ("x-forwarded-for", "203.0.113.9"),
        ("host", "other"),
        ("content-length", "3"),
        ("idempotency-key", "k"),
        ("idempotency-key", "second"),
        ("grpc-trace-bin", b"\x00"),
    )
    assert callers.headers(metadata, "unix:", SECRET) == {"idempotency-key": "k"}


@pytest.mark.parametrize(
    ("value", "token"),
    [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", None), ("Bearer", None), ("", None)],
)
def test_bearer(value: str, token: str | None) -> None:
    assert callers.bearer((("authorization", value),)) == token
    assert callers.bearer(()) is None
