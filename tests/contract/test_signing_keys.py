"""Signing keys on a real engine: one for each period, whoever is first."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat4all import signing_keys
from chat4all.bootstrap import App
from chat4all.signing_keys import AHEAD_MS, PERIOD_MS, SigningKeys
from tests.contract.conftest import DynamoDb

START = 700 * PERIOD_MS


@pytest.fixture(autouse=True)
def _empty(deployed: App, dynamodb: DynamoDb) -> Iterator[None]:
    assert deployed.signing_keys is not None
    dynamodb.clear("signing-keys")
    yield
    dynamodb.clear("signing-keys")


def at(monkeypatch: pytest.MonkeyPatch, ms: int) -> None:
    monkeypatch.setattr(signing_keys, "now_ms", lambda: ms)


def test_environments_that_race_end_with_one_key() -> None:
    with ThreadPoolExecutor(4) as pool:
        kids = {key.kid for key in pool.map(lambda _: SigningKeys(1800).current(), range(4))}
    assert len(kids) == 1
    assert {key["kid"] for key in SigningKeys(1800).published()} >= kids


def test_a_key_is_published_before_it_signs_and_after_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = SigningKeys(1800)
    at(monkeypatch, START)
    first = keys.current().kid
    assert [key["kid"] for key in keys.published()] == [first]
    at(monkeypatch, START + PERIOD_MS - AHEAD_MS)
    assert keys.current().kid == first
    published = {key["kid"] for key in keys.published()}
    assert len(published) == 2
    at(monkeypatch, START + PERIOD_MS)
    second = keys.current().kid
    assert {first, second} == published == {key["kid"] for key in SigningKeys(1800).published()}
    at(monkeypatch, START + PERIOD_MS + 1800 * 1000 + 3600 * 1000)
    assert [key["kid"] for key in keys.published()] == [second]


def test_what_is_published_holds_no_private_part() -> None:
    for key in SigningKeys(1800).published():
        assert key.keys() == {"kty", "kid", "use", "alg", "n", "e"}


def test_a_key_is_found_by_its_id_also_when_it_came_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_keys, "_RELOAD_S", 0.0)
    reader = SigningKeys(1800)
    assert reader.public_key("unknown") is None
    kid = SigningKeys(1800).current().kid
    assert reader.public_key(kid) is not None
    assert reader.public_key("unknown") is None
