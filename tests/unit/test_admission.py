"""When a request is refused early: by its time budget, and by what an engine's last calls came to."""

import time
from dataclasses import dataclass, field

import pytest

from chat4all import admission
from chat4all.admission import SLOW_S, EngineGuard
from chat4all.errors import Overloaded


class NoAnswer(Exception):
    """The engine did not answer."""


class Refused(Exception):
    """The engine answered that it will not."""


@dataclass
class Engine:
    """An engine behind a guard; its calls take `takes` seconds of a clock that nobody waits for."""

    now: float = 1000.0
    takes: float = 0.01
    error: type[Exception] | None = None
    limits: list[float] = field(default_factory=list)
    """What each call was allowed to take."""

    def __post_init__(self) -> None:
        self.guard = EngineGuard(clock=lambda: self.now)

    def call(self, size: int = 0) -> None:
        self.limits.append(self.guard.admit())
        with self.guard.watched(lambda error: isinstance(error, NoAnswer)) as answer:
            answer.size = size
            self.now += min(self.takes, self.limits[-1])
            if self.takes > self.limits[-1]:
                raise NoAnswer
            if self.error is not None:
                raise self.error

    def fails(self, error: type[Exception]) -> None:
        self.error = error
        with pytest.raises(error):
            self.call()
        self.error = None


def is_refused(engine: Engine) -> bool:
    asked = len(engine.limits)
    try:
        engine.call()
    except Overloaded:
        return len(engine.limits) == asked
    return False


@pytest.fixture(autouse=True)
def slow_as_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contract tests, which may run in this process, have another."""
    monkeypatch.setattr(admission, "SLOW_S", SLOW_S)


@pytest.fixture
def engine() -> Engine:
    return Engine()


def test_a_healthy_engine_is_asked_without_a_limit(engine: Engine) -> None:
    for _ in range(5):
        engine.call()
    assert engine.limits == [float("inf")] * 5


def test_a_call_without_an_answer_opens_it_at_once(engine: Engine) -> None:
    engine.fails(NoAnswer)
    assert is_refused(engine)


def test_what_the_engine_refuses_is_an_answer(engine: Engine) -> None:
    for _ in range(5):
        engine.fails(Refused)
    engine.call()


def test_slow_answers_in_a_row_open_it(engine: Engine) -> None:
    engine.takes = SLOW_S + 0.1
    engine.call()
    engine.call()
    engine.takes = 0.01
    engine.call()  # good between
    engine.takes = SLOW_S + 0.1
    for _ in range(3):
        engine.call()
    assert is_refused(engine)


def test_a_probe_has_no_longer_than_a_good_call_takes(engine: Engine) -> None:
    engine.fails(NoAnswer)
    engine.now += 1
    engine.takes = 2
    with pytest.raises(NoAnswer):
        engine.call()
    assert engine.limits[-1] == SLOW_S
    assert is_refused(engine)


def test_it_is_closed_by_one_good_probe(engine: Engine) -> None:
    engine.fails(NoAnswer)
    engine.now += 1
    engine.call()
    engine.call()
    assert engine.limits[-2:] == [SLOW_S, float("inf")]


def test_it_is_probed_ever_more_rarely_but_every_few_seconds(engine: Engine) -> None:
    engine.fails(NoAnswer)
    waits = []
    for _ in range(8):
        begun = engine.now
        while is_refused_at(engine, engine.now):
            engine.now += 0.01
        waits.append(engine.now - begun)
        engine.fails(NoAnswer)
    assert waits[0] < 0.35
    assert max(waits) < 2.5
    assert min(waits[4:]) > 1.5


def is_refused_at(engine: Engine, now: float) -> bool:
    engine.now = now
    try:
        engine.guard.admit()
    except Overloaded:
        return True
    return False


def test_refusals_say_when_to_come_back_and_not_all_at_once(engine: Engine) -> None:
    engine.fails(NoAnswer)
    waits = set()
    for _ in range(50):
        with pytest.raises(Overloaded) as caught:
            engine.call()
        waits.add(round(caught.value.retry_after_s, 3))
    assert len(waits) > 10
    assert 0 < min(waits) <= max(waits) <= 3


# --- a request's budget


def test_a_call_has_no_longer_than_the_request() -> None:
    guard = EngineGuard()
    with admission.request(remaining_s=15, budget_s=3):
        assert 1.7 < guard.admit() <= 3
    with admission.request(remaining_s=2, budget_s=3):
        assert 0 < guard.admit() <= 1.7
    assert guard.admit() == float("inf")


def test_when_the_budget_is_spent_the_engine_is_not_asked() -> None:
    guard = EngineGuard()
    with admission.request(15, budget_s=0.01), pytest.raises(Overloaded, match="no time left"):
        guard.admit()


def test_what_was_let_in_goes_on_when_the_guard_opens(engine: Engine) -> None:
    engine.now = time.monotonic()
    with admission.request(15, 10):
        engine.fails(NoAnswer)
        engine.call()
        engine.takes = SLOW_S + 0.1
        for _ in range(4):
            engine.call()
    assert is_refused(engine), "but the next request is not let in"


def test_from_its_commit_on_a_request_has_the_rest_of_the_invocation() -> None:
    guard = EngineGuard()
    with admission.request(15, 3):
        admission.commit()
        assert guard.admit() > 10


def test_what_has_begun_to_write_is_finished_but_nothing_more_is_begun() -> None:
    guard = EngineGuard()
    with admission.request(15, 0.9):
        assert guard.admit(writes=True) < 1
        assert guard.admit() > 10
        with pytest.raises(Overloaded):
            admission.commit()


def test_what_has_too_little_time_is_not_begun() -> None:
    with admission.request(15, 0.5), pytest.raises(Overloaded):
        admission.commit()
    admission.commit()  # outside a request nothing limits it


def test_a_large_answer_may_take_its_time(engine: Engine) -> None:
    engine.takes = 2 * SLOW_S
    for _ in range(5):
        engine.call(size=1_000_000)
    assert not is_refused(engine)
    engine.call()
    engine.call()
    assert is_refused(engine), "small ones that are as slow"
