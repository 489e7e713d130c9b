"""Signing keys on a real DynamoDB and the stack's Secrets Manager: nobody ever signs with a key that others do not know."""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import jwt
import pytest

from chat4all import former_keys, key_rotation, public_keys, signing_keys
from chat4all.domain.signing_key import AHEAD_MS, FRESH_S, SIGNS_MS, STALE_S, new_key
from chat4all.errors import Conflict, DomainError, NotFound, Unavailable
from chat4all.key_rotation import KeyRotation
from chat4all.public_keys import PublicKeys
from chat4all.signing_keys import SigningKeys
from chat4all.stores.former_signing_keys import FormerSigningKey
from chat4all.stores.public_keys import PublicKey
from chat4all.stores.signing_secret import CURRENT, PENDING, SigningSecret
from tests.contract.conftest import DynamoDb
from tests.contract.handlers import invoke

TOKEN_S = 1800
START = 1_800_000_000_000
At = Callable[[int], None]


@pytest.fixture
def secret(signing_secret: str, dynamodb: DynamoDb) -> Iterator[SigningSecret]:
    """A secret without a key; other tests go on with theirs afterwards."""
    kept = dynamodb.client.scan(TableName=f"{dynamodb.table_prefix}public-keys")["Items"]
    dynamodb.clear("public-keys")
    dynamodb.clear("signing-keys")
    name = f"{signing_secret}-{uuid.uuid4().hex}"
    boto3.client("secretsmanager").create_secret(Name=name)
    yield SigningSecret(name)
    dynamodb.clear("public-keys")
    dynamodb.clear("signing-keys")
    for item in kept:
        dynamodb.client.put_item(TableName=f"{dynamodb.table_prefix}public-keys", Item=item)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Sets the clock, in milliseconds since 1970."""

    def set_clock(ms: int) -> None:
        for module in (key_rotation, public_keys):
            monkeypatch.setattr(module, "now_ms", lambda: ms)

    set_clock(START)
    return set_clock


def states(keys: list[dict[str, Any]]) -> list[str]:
    return [key["state"] for key in keys]


def kid_of(secret: SigningSecret, stage: str = CURRENT) -> str:
    key = secret.read(stage)
    assert key is not None
    return key.kid


def published() -> set[str]:
    return {key["kid"] for key in PublicKeys().published()}


def test_there_is_a_key_that_signs_and_one_that_waits(secret: SigningSecret, at: At) -> None:
    with pytest.raises(Unavailable):
        SigningKeys(secret).current()
    with pytest.raises(Unavailable):
        PublicKeys().published()
    rotation = KeyRotation(secret, TOKEN_S)
    assert states(rotation.advance()) == ["signing", "next"]
    assert published() == {kid_of(secret), kid_of(secret, PENDING)}
    first = rotation.list()
    assert rotation.advance() == first
    assert SigningKeys(secret).current().kid == kid_of(secret)
    for key in PublicKeys().published():
        assert key.keys() == {"kty", "kid", "use", "alg", "n", "e"}


def test_a_key_has_its_turn_after_30_days_and_is_known_until_its_last_token_is_over(
    secret: SigningSecret, at: At
) -> None:
    rotation = KeyRotation(secret, TOKEN_S)
    rotation.advance()
    first, second = kid_of(secret), kid_of(secret, PENDING)
    at(START + SIGNS_MS - 1)
    assert states(rotation.advance()) == ["signing", "next"]
    at(START + SIGNS_MS)
    assert states(rotation.advance()) == ["retired", "signing", "next"]
    third = kid_of(secret, PENDING)
    assert (kid_of(secret), published()) == (second, {first, second, third})
    at(START + SIGNS_MS + (TOKEN_S + int(STALE_S)) * 1000)
    assert published() == {first, second, third}
    assert PublicKeys().get(first) is not None
    at(START + SIGNS_MS + (TOKEN_S + int(STALE_S) + 3600) * 1000)
    assert published() == {second, third}
    assert PublicKeys().get(first) is None


def test_operators_rotate_only_to_a_key_that_everybody_knows(secret: SigningSecret, at: At) -> None:
    rotation = KeyRotation(secret, TOKEN_S)
    rotation.advance()
    first, second = kid_of(secret), kid_of(secret, PENDING)
    with pytest.raises(Conflict) as caught:
        rotation.rotate()
    assert (caught.value.code, kid_of(secret)) == ("next_key_too_new", first)
    with pytest.raises(Conflict):
        rotation.revoke(first)
    with pytest.raises(NotFound):
        rotation.revoke("unknown")
    at(START + AHEAD_MS)
    assert states(rotation.rotate()) == ["retired", "signing", "next"]
    assert kid_of(secret) == second
    assert states(rotation.revoke(first)) == ["signing", "next"]
    assert PublicKeys().get(first) is None


def test_eight_that_run_at_once_make_one_key_of_each_generation(secret: SigningSecret, at: At) -> None:
    def run(_number: int) -> None:
        KeyRotation(secret, TOKEN_S).advance()

    def rotate(_number: int) -> str:
        try:
            KeyRotation(secret, TOKEN_S).rotate()
        except DomainError as error:
            return error.code
        return "rotated"

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(8)))
        signing = secret.read(CURRENT)
        assert signing is not None
        assert signing.generation == 1
        at(START + AHEAD_MS)
        outcomes = list(pool.map(rotate, range(8)))
    assert outcomes.count("rotated") == 1, outcomes
    current, following = secret.read(CURRENT), secret.read(PENDING)
    assert current is not None
    assert following is not None
    assert (current.generation, following.generation) == (2, 3)
    KeyRotation(secret, TOKEN_S).advance()
    keys = {key["kid"]: key["state"] for key in KeyRotation(secret, TOKEN_S).list()}
    assert keys[current.kid] == "signing"
    assert keys[following.kid] == "next"
    assert keys[signing.kid] == "retired"


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("calls", range(1, 24))
def test_a_death_before_any_call_leaves_every_signer_known(
    secret: SigningSecret, at: At, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    """Rotation, with the process killed before its n-th call to an engine; then another run."""
    from chat4all.stores.client import WireClient

    at(START)
    rotation = KeyRotation(secret, TOKEN_S)
    if calls % 2:  # from nothing, and from a deployment that has keys
        rotation.advance()
        at(START + SIGNS_MS)
    left, call = [calls], WireClient._retried

    def counted(*arguments: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return call(*arguments)

    with monkeypatch.context() as dying:
        dying.setattr(WireClient, "_retried", counted)
        with contextlib.suppress(Killed):
            KeyRotation(secret, TOKEN_S).advance()
    current = secret.read(CURRENT)
    if current is not None:
        assert current.kid in published()
    rotation.advance()
    keys = {key["kid"]: key["state"] for key in rotation.list()}  # and perhaps one that was published and never kept
    assert (keys[kid_of(secret)], keys[kid_of(secret, PENDING)]) == ("signing", "next")
    assert {kid_of(secret), kid_of(secret, PENDING)} <= published()


def test_a_process_signs_with_what_it_has_read_for_minutes_and_without_secrets_manager_for_an_hour(
    secret: SigningSecret, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotation = KeyRotation(secret, TOKEN_S)
    rotation.advance()
    seconds = [1000.0]
    monkeypatch.setattr(signing_keys.time, "monotonic", lambda: seconds[0])
    signer = SigningKeys(secret)
    first = signer.current().kid
    at(START + AHEAD_MS)
    rotation.rotate()
    seconds[0] += FRESH_S - 1
    assert signer.current().kid == first
    seconds[0] += 1
    second = signer.current().kid
    assert second == kid_of(secret) != first

    def away(_stage: str) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(secret, "read", away)
    seconds[0] += STALE_S - 1
    assert signer.current().kid == second
    seconds[0] += 1
    with pytest.raises(Unavailable):
        signer.current()


def test_tokens_of_the_former_table_stay_valid_and_its_private_keys_go_a_day_later(
    secret: SigningSecret, at: At
) -> None:
    period = START // former_keys._PERIOD_MS
    made = {}
    for number, not_after in ((period - 1, START + 1000), (period, START + 10**9), (period + 1, START + 2 * 10**9)):
        key = new_key()
        made[number] = key
        FormerSigningKey(
            str(number),
            kid=key.kid,
            private_pem=key.private_pem,
            public_jwk=key.public_jwk,
            created_at=START - 10**8,
            not_after=not_after,
        ).save()
    token = jwt.encode({"sub": "ana"}, made[period].private_pem, "RS256", {"kid": made[period].kid})
    rotation = KeyRotation(secret, TOKEN_S)
    rotation.advance()
    assert kid_of(secret) == made[period].kid
    assert published() == {key.kid for key in made.values()} | {kid_of(secret, PENDING)}
    public = PublicKeys().get(made[period].kid)
    assert public is not None
    assert jwt.decode(token, public, algorithms=["RS256"])["sub"] == "ana"
    assert len(list(FormerSigningKey.scan())) == 3
    at(START + 24 * 3600 * 1000)
    rotation.advance()
    assert list(FormerSigningKey.scan()) == []
    assert kid_of(secret) == made[period].kid


def test_a_secret_that_was_made_with_a_value_gets_its_first_key_all_the_same(
    secret: SigningSecret, signing_secret: str, at: At
) -> None:
    name = f"{signing_secret}-{uuid.uuid4().hex}"
    boto3.client("secretsmanager").create_secret(Name=name, SecretString="made up")
    with_value = SigningSecret(name)
    keys = KeyRotation(with_value, TOKEN_S).advance()
    assert kid_of(with_value) in {key["kid"] for key in keys}
    assert kid_of(with_value) != kid_of(with_value, PENDING)


def test_an_item_that_was_removed_by_hand_is_published_again(secret: SigningSecret, at: At) -> None:
    rotation = KeyRotation(secret, TOKEN_S)
    rotation.advance()
    PublicKey(kid_of(secret)).delete()
    rotation.advance()
    assert kid_of(secret) in published()


@pytest.mark.usefixtures("deployed")
def test_the_function_tells_what_there_is_and_no_private_part() -> None:
    keys = invoke("signing_keys", {})["keys"]
    assert {"signing", "next"} <= set(states(keys))
    assert "PRIVATE" not in str(keys)
