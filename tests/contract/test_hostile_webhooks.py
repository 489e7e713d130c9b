"""What strangers and providers may post to the webhook of each channel: never a 5xx, and of strangers nothing is written."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chat4all.stores.accounts import Account
from tests.benchmarks.units import WRITES, CountedUnits
from tests.contract.conftest import DynamoDb
from tests.contract.handlers import Answer, request
from tests.contract.webhook_world import SECRET, WebhookWorld, running_webhook_world, signed
from tests.unit.channels.fixture_table import cases, items_of
from tests.unit.channels.hostile import ANYTHING, hostile

CHANNELS = ("telegram", "whatsapp", "messenger", "instagram")
PAYLOADS = {channel: [case.payload for case in cases() if case.channel == channel] for channel in CHANNELS}
"""Real ones."""
ACCOUNT_KEYS = {
    channel: next(i.account_key or "1" for case in cases() if case.channel == channel for i in items_of(case))
    for channel in CHANNELS
}
NAMES = ("x-hub-signature-256", "x-hub-signature", "x-telegram-bot-api-secret-token", "authorization", "content-type")
HEADERS = st.dictionaries(st.sampled_from(NAMES), st.text(max_size=80) | st.just("sha256=") | st.just("sha256=00"))
BODIES = st.binary(max_size=300) | ANYTHING.map(lambda value: json.dumps(value).encode())
by_channel = pytest.mark.parametrize("channel", CHANNELS)
examples = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def world(dynamodb: DynamoDb, files_bucket: str) -> Iterator[WebhookWorld]:
    with running_webhook_world(dynamodb) as world:
        yield world


@pytest.fixture(scope="module")
def accounts(world: WebhookWorld) -> dict[str, Account]:
    """One of each channel, by its name."""
    return {channel: world.new_account(channel, ACCOUNT_KEYS[channel]) for channel in CHANNELS}


def without_a_trace(world: WebhookWorld, account: Account, post: Callable[[], Answer]) -> Answer:
    """What was answered, after looking that nothing was written to tables, S3 or topics."""
    world.publisher.take()
    before = world.kept(account)
    with CountedUnits(Account.client()) as counted:
        answer = post()
    assert not WRITES & counted.calls.keys(), counted.calls
    assert world.publisher.take() == []
    assert world.kept(account) == before
    return answer


@by_channel
@examples
@given(data=st.data(), headers=HEADERS)
@example(data=None, headers={})
@example(data=None, headers={"x-hub-signature-256": "sha256=\ud800", "x-telegram-bot-api-secret-token": "\ud800"})
def test_a_stranger_writes_nothing(
    world: WebhookWorld, accounts: dict[str, Account], channel: str, data: Any, headers: dict[str, str]
) -> None:
    account = accounts[channel]
    payload = json.dumps(PAYLOADS[channel][0]).encode()
    body = payload if data is None else data.draw(BODIES | hostile(PAYLOADS[channel]).map(as_json))
    answer = without_a_trace(world, account, lambda: world.post(account, body, headers))
    assert (answer.status, answer.body["detail"]) == (404, "No such account, or not from its provider")


@by_channel
@examples
@given(account_id=st.text(max_size=60) | st.uuids().map(str), data=st.data())
def test_accounts_that_are_none_write_nothing(world: WebhookWorld, channel: str, account_id: str, data: Any) -> None:
    body = data.draw(BODIES)
    nobody = Account(account_id, channel=channel)
    answer = without_a_trace(world, nobody, lambda: world.post(nobody, body, signed(channel, body)))
    assert 400 <= answer.status < 500


@by_channel
@examples
@given(data=st.data())
def test_what_the_provider_signed_is_taken_or_kept_whatever_it_is(
    world: WebhookWorld, accounts: dict[str, Account], channel: str, data: Any
) -> None:
    """A shape of the provider's is 200, and each thing in it is somewhere; anything else 400, and leaves nothing."""
    account = accounts[channel]
    body = as_json(data.draw(hostile(PAYLOADS[channel]) | ANYTHING))
    world.app.rate_limiter._tats.clear()
    answer = world.post(account, body)
    assert answer.status in (200, 400, 429, 503), (answer.status, answer.body)
    failed = [kind for kind in world.kinds.values() if kind.startswith("failed_")]
    assert not failed, (failed, body)
    if answer.status == 503:  # a young reaction to what we do not know
        assert b"reaction" in body
    if answer.status == 400:
        assert without_a_trace(world, account, lambda: world.post(account, body)).status == 400


@by_channel
def test_replayed_it_is_the_same(world: WebhookWorld, channel: str) -> None:
    """Somebody who saw a signed body posts it again, to us and to the account of somebody else."""
    account, other = world.new_account(channel, ACCOUNT_KEYS[channel]), world.new_account(channel, "2")
    other.settings = {**other.settings, "app_secret": "other", "webhook_secret": "other"}
    other.save()
    body = as_json(PAYLOADS[channel][-1 if channel == "telegram" else 0])
    headers = signed(channel, body)
    world.accepted()
    assert world.post(account, body, headers).status == 200
    said, kept = {m.message_id for m in world.accepted()}, world.kept(account)
    assert said or kept
    for _ in range(3):
        assert world.post(account, body, headers).status == 200
    assert {m.message_id for m in world.accepted()} <= said
    assert world.kept(account) == kept
    assert without_a_trace(world, other, lambda: world.post(other, body, headers)).status == 404


@by_channel
def test_what_is_too_large_too_deep_or_no_json_is_refused_without_a_trace(
    world: WebhookWorld, accounts: dict[str, Account], channel: str
) -> None:
    account = accounts[channel]
    large = as_json({**PAYLOADS[channel][0], "more": "x" * 4_000_000})
    deep = b'{"object": "page", "entry": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    for body in (large, deep, b"", b"{", b"\xff\xfe", b"{} {}"):
        for headers, status in ((signed(channel, body), 400), ({}, 404)):
            answer = without_a_trace(world, account, lambda b=body, h=headers: world.post(account, b, h))  # type: ignore[misc]
            assert answer.status == status, (body[:40], answer)


@by_channel
def test_strange_requests_are_no_5xx(world: WebhookWorld, accounts: dict[str, Account], channel: str) -> None:
    """Without a body, by other methods, with ids that are paths, handshakes of nobody's."""
    account, function = accounts[channel], f"{channel}_webhook"
    path = f"/channels/{channel}/{account.id}/webhook"

    def get(*_: Any) -> Answer:
        return request(function, "GET", path)

    assert without_a_trace(world, account, get).status == 403
    for method in ("POST", "PUT", "DELETE", "PATCH", "GET"):
        for where in (path, f"{path}/more", f"/channels/{channel}/%2e%2e/webhook", f"/channels/{channel}//webhook"):
            answer = without_a_trace(world, account, lambda m=method, w=where: request(function, m, w))  # type: ignore[misc]
            assert 400 <= answer.status < 500, (method, where, answer)
    assert str(uuid.UUID(account.id)) == account.id
    assert SECRET not in str(answer.body)


def as_json(document: Any) -> bytes:
    """As a provider writes it."""
    return json.dumps(document).encode()
