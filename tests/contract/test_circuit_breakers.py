"""Circuit breakers on a real engine: one state for all environments, one probe at a time."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from chat4all.channels.fates import Fate, NotSent, Permanent, RecipientGone, ThrottledUntil, TryAgain
from chat4all.circuit_breakers import CircuitBreakers, breaker_views, reset_breaker
from chat4all.domain.circuit import CircuitRules
from chat4all.stores.table import bind
from tests.contract.conftest import DynamoDb

RULES = CircuitRules(threshold=3, first_open_s=5, longest_open_s=60, probe_s=30)
AWAY = TryAgain("unreachable: timed out")


@dataclass
class Provider:
    """One account of a provider, and environments that send to it. Time passes when it is told to."""

    account_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    now_ms: int = 1_800_000_000_000
    fate: Fate | None = None
    asked: int = 0

    def environment(self) -> Callable[[], Fate | None]:
        """Sends once; what became of it."""
        breakers = CircuitBreakers(RULES, clock_ms=lambda: self.now_ms, chance=lambda: 0.5)

        def send() -> Fate | None:
            breakers._cache.clear()  # as after a second
            try:
                assert breakers.send(self.account_id, self._answer) == "id"
            except NotSent as error:
                return error.fate
            return None

        return send

    def _answer(self) -> str:
        self.asked += 1
        if self.fate is not None:
            raise NotSent(self.fate)
        return "id"

    @property
    def view(self) -> dict[str, object]:
        return breaker_views([self.account_id])[self.account_id]


@pytest.fixture
def provider(dynamodb: DynamoDb) -> Provider:
    bind(dynamodb.table_prefix)
    return Provider()


def is_held_back(fate: Fate | None) -> bool:
    return isinstance(fate, ThrottledUntil) and fate.reason.startswith("circuit_open: after unreachable")


def test_failures_of_all_environments_open_it_for_all(provider: Provider) -> None:
    here, there = provider.environment(), provider.environment()
    provider.fate = AWAY
    assert [here(), there(), here()] == [AWAY] * 3
    for send in (here, there):
        fate = send()
        assert is_held_back(fate)
        assert isinstance(fate, ThrottledUntil)
        assert fate.wait_s == 5.0
    assert provider.asked == 3


def test_it_is_told_to_the_owner(provider: Provider) -> None:
    assert provider.view == {"state": "closed", "failures": 0}
    provider.fate = AWAY
    for _ in range(3):
        provider.environment()()
    shown = provider.view
    assert (shown["state"], shown["failures"], shown["reason"]) == ("open", 3, "unreachable: timed out")
    assert (shown["since"], shown["retry_at"]) == ("2027-01-15T08:00:00.000Z", "2027-01-15T08:00:05.000Z")
    reset_breaker(provider.account_id)
    assert provider.view == {"state": "closed", "failures": 0}


def test_a_success_between_begins_the_count_anew(provider: Provider) -> None:
    send = provider.environment()
    for fate in (AWAY, AWAY, None, AWAY, AWAY):
        provider.fate = fate
        assert send() == fate
    assert provider.view["failures"] == 2


@pytest.mark.parametrize(
    "fate",
    [
        Permanent("refused: too long"),
        RecipientGone("recipient_gone: blocked"),
        ThrottledUntil("throttled: slowly", 3.0),
        TryAgain("no_time: the invocation ends"),
    ],
    ids=lambda fate: fate.reason,
)
def test_what_says_nothing_of_the_provider_opens_nothing(provider: Provider, fate: Fate) -> None:
    send = provider.environment()
    provider.fate = fate
    assert [send() for _ in range(4)] == [fate] * 4


def test_a_refused_account_opens_it(provider: Provider) -> None:
    send = provider.environment()
    provider.fate = Permanent("account_refused: Unauthorized")
    assert [type(send()) for _ in range(4)] == [Permanent] * 3 + [ThrottledUntil]


def opened(provider: Provider) -> Callable[[], Fate | None]:
    send = provider.environment()
    provider.fate = AWAY
    for _ in range(3):
        send()
    provider.asked = 0
    return send


def test_a_probe_that_succeeds_closes_it(provider: Provider) -> None:
    send = opened(provider)
    provider.now_ms += 5_000
    provider.fate = None
    assert [send(), send()] == [None, None]
    assert provider.view == {"state": "closed", "failures": 0, "since": "2027-01-15T08:00:05.000Z"}


def test_each_probe_that_fails_keeps_it_open_twice_as_long(provider: Provider) -> None:
    send = opened(provider)
    for open_s in (5, 10, 20, 40, 60, 60):
        provider.now_ms += open_s * 1000 - 1
        assert is_held_back(send())
        provider.now_ms += 1
        assert send() == AWAY
    assert provider.asked == 6
    provider.fate = None
    provider.now_ms += 60_000
    assert send() is None
    provider.fate = AWAY
    assert [send() for _ in range(3)] == [AWAY] * 3
    fate = send()
    assert isinstance(fate, ThrottledUntil)
    assert fate.wait_s == 5.0, "it begins anew after a success"


def test_of_eight_environments_one_probes(provider: Provider) -> None:
    opened(provider)
    provider.now_ms += 5_000
    environments = [provider.environment() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        fates = list(pool.map(lambda send: send(), environments))
    assert fates.count(AWAY) == 1
    assert sum(map(is_held_back, fates)) == 7
    assert provider.asked == 1


def test_a_probe_that_died_is_claimed_by_another_after_its_time(provider: Provider) -> None:
    send = opened(provider)
    provider.now_ms += 5_000
    provider.fate = None

    def die() -> str:
        raise KeyboardInterrupt

    breakers = CircuitBreakers(RULES, clock_ms=lambda: provider.now_ms)
    with pytest.raises(KeyboardInterrupt):
        breakers.send(provider.account_id, die)
    provider.now_ms += 29_999
    assert is_held_back(send())
    provider.now_ms += 1
    assert send() is None


def test_a_good_account_costs_one_read_a_second(provider: Provider, dynamodb: DynamoDb) -> None:
    breakers = CircuitBreakers(RULES)
    for _ in range(5):
        breakers.send(provider.account_id, lambda: "id")
    key = {"account_id": {"S": provider.account_id}}
    found = dynamodb.client.get_item(TableName=f"{dynamodb.table_prefix}circuit-breakers", Key=key)
    assert "Item" not in found, "nothing was written"
    assert len(breakers._cache) == 1
