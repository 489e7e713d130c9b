"""Work side by side, of which some stands still."""

from threading import Event, Lock

import pytest

from chat4all.websocket.lanes import LANES, Lanes


def test_what_stands_still_is_missing_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat4all.websocket.lanes.PATIENCE_S", 3.0)
    never = Event()
    # Those that stand still come first, and are more than there are lanes at the beginning.
    work = {f"still {n}": never for n in range(3 * LANES)} | {f"quick {n}": None for n in range(50)}

    def do(key: str, wait_for: Event | None) -> str:
        if wait_for:
            wait_for.wait(60)
        return key.upper()

    try:
        assert Lanes().each(work, do) == {f"quick {n}": f"QUICK {n}" for n in range(50)}
    finally:
        never.set()


def test_no_more_run_at_a_time_than_there_are_lanes_while_they_move() -> None:
    lock, at_work, most = Lock(), 0, 0

    def do(_key: int, _value: None) -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        with lock:
            at_work -= 1

    assert len(Lanes().each(dict.fromkeys(range(500)), do)) == 500
    assert most <= LANES


def test_one_alone_needs_no_thread_and_none_needs_nothing() -> None:
    lanes = Lanes()
    assert lanes.each({"a": 1}, lambda key, value: (key, value)) == {"a": ("a", 1)}
    assert lanes.each({}, lambda key, value: (key, value)) == {}


@pytest.mark.parametrize("count", [1, 5])
def test_an_exception_is_raised_when_the_others_have_ended(count: int) -> None:
    ended = []

    def do(key: int, _value: None) -> None:
        if key == 0:
            raise ValueError("as asked")
        ended.append(key)

    with pytest.raises(ValueError, match="as asked"):
        Lanes().each(dict.fromkeys(range(count)), do)
    assert sorted(ended) == list(range(1, count))
