"""Whose lane is worked on next."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chat4all.config import Settings
from chat4all.retries import retrier as retrier_module
from chat4all.retries.groups import PROVIDERS, WEBHOOKS
from chat4all.retries.invoker import Invoker
from chat4all.retries.retrier import Retried, Retrier
from chat4all.retries.turns import Turns


def due(*names: str) -> list[tuple[str, int]]:
    return [(name, number) for number, name in enumerate(names)]


def begun(turns: Turns) -> list[str]:
    """All that may begin."""
    return [entry[0] for entry in iter(turns.begin, None)]


def test_each_customer_has_places_and_none_has_more_than_its_own() -> None:
    turns = Turns(WEBHOOKS.whose, 2)
    turns.look(due("w#a:1:x", "w#a:1:y", "w#a:2:z", "w#b:1:x"))
    assert begun(turns) == ["w#a:1:x", "w#b:1:x", "w#a:1:y"]
    turns.end("w#a:1:y")
    assert begun(turns) == ["w#a:2:z"]


def test_what_is_at_work_is_not_begun_again_and_what_is_due_no_more_is_forgotten() -> None:
    turns = Turns(WEBHOOKS.whose, 2)
    turns.look(due("w#a:1:x", "w#b:1:x"))
    assert turns.begin() == ("w#a:1:x", 0)
    turns.look(due("w#a:1:x", "w#c:1:x"))
    assert begun(turns) == ["w#c:1:x"]
    turns.end("w#a:1:x")
    turns.look(due("w#a:1:x"))
    assert begun(turns) == ["w#a:1:x"]


def test_lanes_that_are_nobodys_wait_for_places_only() -> None:
    turns = Turns(PROVIDERS.whose, 1)
    names = [f"telegram_send#account:{number}" for number in range(20)]
    turns.look(due(*names))
    assert begun(turns) == names


def test_a_server_that_takes_long_for_a_good_answer_delays_no_other_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred of its lanes are due; then one of somebody else is, who does not wait for any of them."""
    lanes = [f"webhook_send#slow:1:{number}" for number in range(100)]
    at_work, go_on, other_done = threading.Semaphore(0), threading.Event(), threading.Event()

    def tried(_self: Retrier, name: str, _next_at: int, _ends_at: float) -> Retried:
        if ":1:" in name:
            at_work.release()
            go_on.wait(30)
        else:
            other_done.set()
        lanes.remove(name)
        return Retried(lanes=1)

    def found(shard: str) -> Any:
        return due(*lanes) if shard == "webhooks-0" else []

    monkeypatch.setattr(Retrier, "_retry_lane", tried)
    monkeypatch.setattr(retrier_module, "_due", found)
    settings = Settings(retry_pause_s=0.05, retry_shards=1)
    retrier = Retrier(settings, Invoker({}), None)  # type: ignore[arg-type]
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(retrier._run, WEBHOOKS, time.monotonic() + 1, time.sleep)
        try:
            for _ in range(retrier_module._OF_ONE):
                assert at_work.acquire(timeout=10)
            lanes.append("webhook_send#other:2:1")
            assert other_done.wait(10)
            assert not at_work.acquire(blocking=False), "more than its places"
        finally:
            go_on.set()
        assert run.result().lanes > retrier_module._OF_ONE
