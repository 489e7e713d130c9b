"""What anybody may call without a token is limited, and nobody can be locked out by others."""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from chat4all import bootstrap, config, identity_limits
from chat4all.bootstrap import App
from chat4all.clock import now_ms
from chat4all.domain.user import Registration
from chat4all.identity_limits import ACCOUNT_BURST
from chat4all.stores.rate_limits import RateLimit
from tests.contract.handlers import Answer, request

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Ana:
    """Somebody who is registered."""

    id: str
    username: str

    def signs_in(self, address: str, password: str = PASSWORD, **headers: str) -> Answer:
        body = {"username": self.username, "password": password}
        return request("tokens", "POST", "/auth/token", json_body=body, source_ip=address, headers=headers)


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing passwords takes as long as the machine is slow; no bucket fills meanwhile."""
    now = now_ms()
    monkeypatch.setattr("chat4all.rate_limits.now_ms", lambda: now)


@pytest.fixture
def ana(deployed: App) -> Ana:
    name = f"ana-{uuid.uuid4().hex[:12]}"
    made = deployed.users.register(Registration(username=name, email=f"{name}@example.com", password=PASSWORD))
    return Ana(made["id"], name)


def new_address() -> str:
    """An IPv6 address whose network is nobody else's."""
    digits = uuid.uuid4().hex
    return f"2001:db8:{digits[:4]}:{digits[4:8]}::{digits[8:12]}"


def statuses(answers: list[Answer]) -> list[int]:
    return [answer.status for answer in answers]


def test_guesses_are_limited_wherever_they_come_from(ana: Ana) -> None:
    guesses = [ana.signs_in(new_address(), "not the password") for _ in range(ACCOUNT_BURST + 1)]
    assert statuses(guesses) == [401] * ACCOUNT_BURST + [429]
    last = guesses[-1]
    seconds = int(last.headers["Retry-After"])
    assert seconds == 5
    assert last.headers["RateLimit-Policy"] == '"default";q=10;w=50'
    assert last.headers["RateLimit"] == f'"default";r=0;t={seconds}'
    assert (last.body["code"], last.body["retry_after"]) == ("rate_limited", seconds)
    form = request("tokens", "POST", "/token", form={"username": ana.username, "password": PASSWORD})
    assert (form.status, form.body["error"]) == (429, "temporarily_unavailable")


def test_a_name_that_nobody_has_is_limited_alike(deployed: App) -> None:
    nobody = Ana("", f"no-{uuid.uuid4().hex}")
    guesses = [nobody.signs_in(new_address()) for _ in range(ACCOUNT_BURST + 1)]
    assert statuses(guesses) == [401] * ACCOUNT_BURST + [429]


def test_who_has_signed_in_from_an_address_is_not_locked_out_there(ana: Ana) -> None:
    home = new_address()
    refresh_token = ana.signs_in(home).body["refresh_token"]
    while ana.signs_in(new_address(), "not the password").status == 401:
        pass
    assert ana.signs_in(new_address()).status == 429, "the account's bucket is empty for all others"
    assert ana.signs_in(home).status == 200
    refreshed = request("tokens", "POST", "/auth/refresh", json_body={"refresh_token": refresh_token})
    assert refreshed.status == 200
    # Guesses from there are limited as well, in a bucket of their own.
    guesses = [ana.signs_in(home, "not the password") for _ in range(ACCOUNT_BURST + 1)]
    assert guesses[-1].status == 429


def test_an_address_is_known_for_its_time_only(ana: Ana, deployed: App) -> None:
    home = new_address()
    assert ana.signs_in(home).status == 200
    key = identity_limits._known_key(ana.id, home)
    assert home not in key
    RateLimit(key).update([RateLimit.expires_at.set(now_ms() // 1000 - 1)])
    while ana.signs_in(new_address(), "not the password").status == 401:
        pass
    assert ana.signs_in(home).status == 429


def test_an_address_is_limited_whoever_is_meant(deployed: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_limits, "ADDRESS_RATE", 0.01)
    monkeypatch.setattr(identity_limits, "ADDRESS_BURST", 3)
    network = new_address().rpartition("::")[0]
    answers = [
        Ana("", f"no-{uuid.uuid4().hex}").signs_in(f"{network}::{host}", **{"x-forwarded-for": f"192.0.2.{host}"})
        for host in range(4)
    ]
    assert statuses(answers) == [401, 401, 401, 429], "one network is one address, and no header changes it"


@pytest.mark.parametrize("path", ["/auth/refresh", "/auth/revoke", "/token"])
def test_the_use_of_tokens_is_limited_by_address(path: str, deployed: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_limits, "ADDRESS_RATE", 0.01)
    monkeypatch.setattr(identity_limits, "ADDRESS_BURST", 2)
    address = new_address()
    given: dict[str, Any] = {"json_body": {"refresh_token": "none"}}
    if path == "/token":
        given = {"form": {"grant_type": "refresh_token", "refresh_token": "none"}}
    answers = [request("tokens", "POST", path, source_ip=address, **given) for _ in range(3)]
    assert 429 not in statuses(answers[:2])
    assert answers[2].status == 429


def test_registrations_are_limited_by_address(deployed: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRATION_BURST", "2")
    config.settings.cache_clear()
    bootstrap.app.cache_clear()
    address = new_address()

    def register() -> Answer:
        name = f"bob-{uuid.uuid4().hex[:12]}"
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        return request("users", "POST", "/v1/users", json_body=body, source_ip=address)

    assert [register().status for _ in range(3)] == [201, 201, 429]
    assert request("users", "POST", "/v1/users", json_body={}, source_ip=address).status == 400, (
        "wrong input counts not"
    )
