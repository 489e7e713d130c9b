"""What operators see of parked records and circuit breakers, on a real engine, and what they do about them."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chat4all.admin import operations
from chat4all.admin.cli import main
from chat4all.bootstrap import App
from chat4all.channels.fates import NotSent, TryAgain
from chat4all.circuit_breakers import CircuitBreakers, breaker_views
from chat4all.config import Settings
from chat4all.domain.circuit import CircuitRules
from chat4all.domain.retry import Trouble
from chat4all.retries.lane import claim
from chat4all.retries.trouble import TryLater
from chat4all.stores.retries import RetryLane
from chat4all.stores.table import Table
from tests.contract.retry_world import RetryWorld
from tests.metrics_written import counted
from tests.unit.kafka.batches import CONVERSATIONS

pytestmark = pytest.mark.engines

Admin = Callable[..., tuple[int, str, str]]
ACTOR = "arn:aws:iam::000000000000:user/op"


class Away(TryLater):
    wait_s = 600.0


@pytest.fixture
def admin(deployed: App, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Admin:
    """scripts/admin: exit code, what it printed, what it complained of."""
    deployed.bind_tables()
    monkeypatch.setattr(operations, "_who", lambda: ACTOR)

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(words)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def world(admin: Admin) -> RetryWorld:
    """A consumer whose provider is away: two conversations wait for ten minutes."""
    made = RetryWorld(Settings(retry_lease_s=0.5, retry_shards=1))
    made.fails = {("a", 1): Away("the provider is away"), ("b", 1): Away("the provider is away")}
    made.arrive((0, "a", 1), (0, "a", 2), (0, "b", 1))
    return made


def lane(world: RetryWorld, letter: str) -> str:
    return f"{world.consumer}#{CONVERSATIONS[letter]}"


def done_by_operators(deployed: App, target: str) -> list[tuple[str, str, str]]:
    entries = deployed.audit.read("deployment", 100, None)["items"]
    return [(e["action"], e["outcome"], e["actor"]) for e in entries if target in (e["target"] or "")]


def test_what_is_parked_is_listed_with_why_and_until_when(admin: Admin, world: RetryWorld) -> None:
    code, printed, _ = admin("parked", "list", "--consumer", world.consumer, "--json")
    found: dict[str, dict[str, Any]] = {each["lane"]: each for each in json.loads(printed)}
    assert code == 0
    assert {name: each["records"] for name, each in found.items()} == {lane(world, "a"): 2, lane(world, "b"): 1}
    first = found[lane(world, "a")]
    assert (first["state"], first["tries"], first["errors"]) == ("waiting", 1, 0)
    assert first["cause"] == "Away: the provider is away"
    assert first["parked_at"] < first["next_try_at"] < first["given_up_at"]
    code, printed, _ = admin(
        "parked", "list", "--cause", "PROVIDER IS AWAY", "--consumer", world.consumer, "--limit", "1"
    )
    assert code == 0
    assert printed.startswith("LANE ")
    assert printed.endswith("2 lanes, 1 not shown (--limit)\n")
    code, printed, _ = admin("parked", "show", lane(world, "a"))
    shown = json.loads(printed)
    assert (code, shown["records"]) == (0, 2)
    assert [each["conversation"] for each in shown["first"]] == [CONVERSATIONS["a"]] * 2
    assert all("value" in each for each in shown["first"])


def test_a_lane_is_released_once_and_the_audit_log_says_by_whom(admin: Admin, world: RetryWorld, deployed: App) -> None:
    assert admin("parked", "release", lane(world, "a"))[:2] == (0, "1 released\n")
    world.fails.clear()
    world.retry_until(lambda: len(world.lanes()) == 1)
    assert world.handled == [("a", 1), ("a", 2)]
    assert done_by_operators(deployed, lane(world, "a")) == [
        ("parked.release", outcome, f"operator:{ACTOR}") for outcome in ("done", "begun")
    ]
    assert admin("parked", "release", "--consumer", world.consumer)[:2] == (0, "1 released\n")
    world.retry_until(lambda: not world.lanes())


def test_a_lane_that_is_worked_on_is_left_to_who_has_it(admin: Admin, world: RetryWorld) -> None:
    waiting = RetryLane.get(lane(world, "a"))
    mine = claim(waiting.lane, int(waiting.next_at), 60)
    assert mine is not None
    code, printed, _ = admin("parked", "release", "--consumer", world.consumer)
    assert (code, printed) == (0, "1 released, 1 at work or done already\n")
    assert int(RetryLane.get(mine.name).next_at) == mine.until
    assert mine.renew()
    assert "at work" in admin("parked", "list", "--consumer", world.consumer)[1]
    mine.postpone(600, Trouble(mine.cause))
    assert admin("parked", "release", mine.name)[1] == "1 released\n"
    assert int(RetryLane.get(mine.name).next_at) <= time.time() * 1000


def test_an_open_breaker_is_listed_and_closed(admin: Admin, deployed: App) -> None:
    account = str(uuid.uuid4())
    breakers = CircuitBreakers(CircuitRules(threshold=1, first_open_s=300, longest_open_s=300))

    def fails() -> str:
        raise NotSent(TryAgain("unreachable: refused"))

    with pytest.raises(NotSent):
        breakers.send(account, fails)
    code, printed, _ = admin("breakers", "list", "--json")
    (shown,) = (each for each in json.loads(printed) if each["account_id"] == account)
    assert (code, shown["state"], shown["reason"]) == (0, "open", "unreachable: refused")
    assert account in admin("breakers", "list")[1]
    assert admin("breakers", "close", account)[:2] == (0, f"{account} is closed\n")
    assert breaker_views([account])[account] == {"state": "closed", "failures": 0}
    assert done_by_operators(deployed, account) == [
        ("circuit_breaker.close", outcome, f"operator:{ACTOR}") for outcome in ("done", "begun")
    ]


def test_the_retrier_counts_what_waits(world: RetryWorld, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(retry_run_s=0, retry_shards=1, retry_functions=f"{world.consumer}=f,idle=g")
    world.settings = settings
    world.new_retrier().run(lambda _seconds: None)
    told = counted("chat4all_lanes_waiting", capsys)
    assert (told[world.consumer,], told["idle",]) == (2, 0)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["parked", "release"], "say which: lanes, --consumer, --cause, or --every"),
        (["parked", "show", "router#nothing"], "nothing is parked in 'router#nothing'"),
        (["breakers", "close", "nobody"], "nothing is known of a breaker of 'nobody'"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(admin: Admin, words: list[str], error: str) -> None:
    code, printed, told = admin(*words)
    assert (code, printed) == (1, "")
    assert told.startswith(f"error: {error}")


@pytest.mark.parametrize(
    "words", [["audit", "--day", "yesterday"], ["audit", "--limit", "-5"], ["parked", "list", "--limit", "many"]]
)
def test_arguments_that_cannot_be_are_refused_before_anything_is_asked(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert f"{words[-1]!r} is no " in capsys.readouterr().err


@pytest.mark.parametrize("words", [["parked", "list"], ["breakers", "list"], ["keys", "list"], ["audit"]])
def test_a_database_that_does_not_answer_is_told(
    admin: Admin, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    monkeypatch.setattr(Table, "_client", None)
    code, printed, told = admin(*words)
    assert (code, printed) == (1, "")
    assert told.startswith("error: "), told
