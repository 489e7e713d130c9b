"""Rules of faults: what can be asked, how often they are met, and when they end."""

from typing import Any

import pytest

from local.faults import FaultRule, Faults, InvalidFault, parse_rule


def _rule(**given: Any) -> FaultRule:
    return parse_rule({"target": "function", "name": "Pets", "kind": "error", **given})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"target": "planet"}, "not of 'planet'"),
        ({"name": ""}, "Which function"),
        ({"target": "route", "kind": "pause"}, "can have: latency, error, throttle; not 'pause'"),
        ({"kind": "pause"}, "pause needs seconds"),
        ({"kind": "kill", "at": "shop.stock:put"}, "A step is module:name:before or module:name:after"),
        ({"kind": "kill", "url": "http://127.0.0.1:1"}, "A url is what an engine is reached via"),
        ({"target": "engine", "name": "s3", "kind": "via"}, "via needs one"),
        ({"target": "engine", "name": "s3", "kind": "via", "url": "ftp://"}, "'ftp://' is no URL"),
        ({"target": "engine", "name": "s3", "kind": "via", "url": "http://a", "count": 1}, "no share and no count"),
        ({"kind": "kill", "at": 7}, "A step is module:name:before"),
        ({"kind": "error", "at": "shop.stock:put:after"}, "at is for the pause or kill of a function"),
        ({"kind": "kill", "at": "shop.stock:put:after", "within_s": 1}, "at and within_s exclude"),
        ({"target": "engine", "name": "kafka", "kind": "latency", "seconds": 1}, "can have: pause, kill"),
        ({"kind": "latency"}, "latency needs seconds"),
        ({"seconds": 2}, "error has no seconds"),
        ({"kind": "latency", "seconds": float("nan")}, "seconds is a number"),
        ({"kind": "latency", "seconds": 7200}, "seconds is 0 to 3600"),
        ({"share": 2}, "share is 0 to 1"),
        ({"share": 0}, "no fault"),
        ({"count": 0}, "count is 1"),
        ({"for_s": "long"}, "for_s is a number, not 'long'"),
        ({"target": "engine", "name": "s3", "kind": "kill", "count": 2}, "kill happens once"),
    ],
)
def test_what_cannot_be_is_refused_with_what_there_is(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidFault, match=said):
        _rule(**given)


def test_a_rule_says_what_it_does() -> None:
    rule = _rule(kind="latency", seconds=1.5, share=0.25, count=3, for_s=60)
    assert str(rule) == "function Pets: latency 1.5 s, 25% of all, at most 3 times, for 60 s"


def test_a_kill_says_when() -> None:
    assert (
        str(_rule(kind="kill", at="shop:put:after", count=1))
        == "function Pets: kill at shop:put:after, at most 1 times"
    )
    assert str(_rule(kind="kill")) == "function Pets: kill within 0.05 s of the invocation's begin"


async def test_a_stop_at_a_moment_is_told_and_one_at_a_step_is_left_to_the_environment() -> None:
    stopped: list[FaultRule] = []
    faults = Faults(stopped=stopped.append)
    faults.add(_rule(kind="kill", at="shop:put:after"))
    at_a_moment = _rule(kind="pause", seconds=2, count=1)
    faults.add(at_a_moment)
    assert [await faults.meet("function", "Pets") for _ in range(2)] == [None, None]
    assert stopped == [at_a_moment]


def test_what_environments_have_met_counts() -> None:
    faults = Faults()
    identifier = faults.add(_rule(kind="kill", at="shop:put:after", count=2))
    faults.met({identifier: 1, "f9": 4})
    assert [rule["hits"] for rule in faults.listed()] == [1]
    faults.met({identifier: 2})
    assert faults.listed() == []


async def test_a_count_is_used_up_and_then_the_rule_is_gone() -> None:
    ended: list[bool] = []
    faults = Faults(ended=lambda: ended.append(True))
    faults.add(_rule(count=2))
    assert [await faults.meet("function", "Pets") for _ in range(3)] == ["error", "error", None]
    assert await faults.meet("function", "Other") is None
    assert faults.listed() == []
    assert ended == [True]


async def test_a_rule_ends_with_its_time() -> None:
    now = 0.0
    faults = Faults(clock=lambda: now)
    faults.add(_rule(for_s=10))
    assert await faults.meet("function", "Pets") == "error"
    now = 10.0
    assert not faults.any_of("function", "Pets")
    assert await faults.meet("function", "Pets") is None


async def test_a_share_is_drawn() -> None:
    draws = iter([0.2, 0.3])
    faults = Faults(chance=lambda: next(draws))
    faults.add(_rule(share=0.25))
    assert [await faults.meet("function", "Pets") for _ in range(2)] == ["error", None]
    assert [rule["hits"] for rule in faults.listed()] == [1]


async def test_rules_of_one_target_add_up_and_are_cleared_by_id() -> None:
    faults = Faults()
    faults.add(_rule(kind="latency", seconds=0.001))
    failing = faults.add(_rule(kind="throttle"))
    assert await faults.meet("function", "Pets") == "throttle"
    assert faults.clear([failing]) == 1
    assert await faults.meet("function", "Pets") is None
    assert faults.any_of("function")
    with pytest.raises(InvalidFault, match=r"There is no fault f9. There are: f1\."):
        faults.clear(["f9"])
    assert faults.clear([]) == 1
    assert not faults.any_of("function")
